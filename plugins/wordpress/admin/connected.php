<?php

/**
 * The settings page of a connected site.
 *
 * @var PeerPress\Server\Connection     $connection
 * @var PeerPress\Delivery\OutboxStatus $status
 */

use PeerPress\Admin\Community;
use PeerPress\Delivery\Delivery;
use PeerPress\Page\Assistance;
use PeerPress\Posts\Backfill;
use PeerPress\Server\ConnectFlow;
use PeerPress\Server\Connection;
use PeerPress\Server\PartVersions;

defined('ABSPATH') || exit;

$peerpress_policies = [
    Connection::REQUIRED => __('Ask first: a reader’s browser talks to other readers only after the reader agreed.', 'peerpress'),
    Connection::NOTICE => __('Tell first: a notice tells the reader, whose browser talks to other readers until the reader says no.', 'peerpress'),
    Connection::ASSUMED => __('Assume agreement: a reader’s browser talks to other readers without asking.', 'peerpress'),
];
$peerpress_consent = $peerpress_policies[$connection->consent] ?? $connection->consent;
$peerpress_modes = [
    Assistance::FULL => __('Other readers of the same post, and your seeds', 'peerpress'),
    Assistance::SEEDS_ONLY => __('Your seeds alone: no reader’s browser talks to another reader’s', 'peerpress'),
    Assistance::OFF => __('Nobody: views are measured only', 'peerpress'),
];
$peerpress_forms = [
    [Backfill::ACTION, __('Publish existing posts', 'peerpress'), 'secondary'],
    [Delivery::ACTION, __('Try again now', 'peerpress'), 'secondary'],
    [ConnectFlow::DISCONNECT, __('Disconnect', 'peerpress'), 'secondary peerpress-leave'],
];
?>
<div class="peerpress-panel">
    <?php if (null !== $status->pause) : ?>
        <div class="notice notice-<?php echo $status->pause->needsOwner() ? 'error' : 'warning'; ?> inline">
            <p>
                <?php
                echo esc_html($status->pause->text());
                if (null !== $status->pause->until && $status->pause->until > time()) {
                    /* translators: %s: a time span such as "5 minutes". */
                    echo ' ' . esc_html(sprintf(__('Next try in %s.', 'peerpress'), human_time_diff($status->pause->until)));
                }
                ?>
            </p>
            <?php if ('' !== $status->pause->error) : ?>
                <p><code><?php echo esc_html($status->pause->error); ?></code></p>
            <?php endif; ?>
        </div>
    <?php endif; ?>
    <dl class="peerpress-facts">
        <dt><?php esc_html_e('Server', 'peerpress'); ?></dt>
        <dd><a href="<?php echo esc_url($connection->server); ?>"><?php echo esc_html($connection->server); ?></a></dd>
        <dt><?php esc_html_e('Site', 'peerpress'); ?></dt>
        <dd><code><?php echo esc_html($connection->site); ?></code></dd>
        <dt><?php esc_html_e('Readers', 'peerpress'); ?></dt>
        <dd><?php echo esc_html($peerpress_consent); ?></dd>
        <dt><?php esc_html_e('Waiting to be sent', 'peerpress'); ?></dt>
        <dd><?php echo esc_html(number_format_i18n($status->waiting)); ?></dd>
        <?php if ($status->givenUp > 0) : ?>
            <dt><?php esc_html_e('Given up', 'peerpress'); ?></dt>
            <dd><?php echo esc_html(number_format_i18n($status->givenUp)); ?></dd>
        <?php endif; ?>
        <dt><?php esc_html_e('Last delivery', 'peerpress'); ?></dt>
        <dd>
            <?php
            echo null === $status->lastDelivery
                ? esc_html__('None yet', 'peerpress')
                /* translators: %s: a time span such as "5 minutes". */
                : esc_html(sprintf(__('%s ago', 'peerpress'), human_time_diff($status->lastDelivery)));
            ?>
        </dd>
        <dt><?php esc_html_e('Last error', 'peerpress'); ?></dt>
        <dd><?php echo null === $status->lastError ? esc_html__('None', 'peerpress') : esc_html($status->lastError); ?></dd>
    </dl>
    <h2><?php esc_html_e('Community', 'peerpress'); ?></h2>
    <?php Community::printPlace(0); ?>
    <form class="peerpress-choices" method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>">
        <input type="hidden" name="action" value="<?php echo esc_attr(Assistance::ACTION); ?>">
        <?php wp_nonce_field(Assistance::ACTION); ?>
        <fieldset>
            <legend class="peerpress-label"><?php esc_html_e('Who helps your readers', 'peerpress'); ?></legend>
            <?php foreach ($peerpress_modes as $peerpress_mode => $peerpress_text) : ?>
                <p>
                    <label>
                        <input type="radio" name="mode" required value="<?php echo esc_attr($peerpress_mode); ?>"
                            <?php checked(Assistance::mode(), $peerpress_mode); ?>>
                        <?php echo esc_html($peerpress_text); ?>
                    </label>
                </p>
            <?php endforeach; ?>
        </fieldset>
        <fieldset>
            <legend class="peerpress-label"><?php esc_html_e('What your readers are asked first', 'peerpress'); ?></legend>
            <?php foreach ($peerpress_policies as $peerpress_policy => $peerpress_text) : ?>
                <p>
                    <label>
                        <input type="radio" name="consent" required value="<?php echo esc_attr($peerpress_policy); ?>"
                            <?php checked($connection->consent, $peerpress_policy); ?>>
                        <?php echo esc_html($peerpress_text); ?>
                    </label>
                </p>
            <?php endforeach; ?>
        </fieldset>
        <p>
            <label for="peerpress-control"><?php esc_html_e('Views that stay at this site, to compare with, in per cent', 'peerpress'); ?></label>
            <input class="small-text" type="number" id="peerpress-control" name="control" min="0" max="50" required
                value="<?php echo esc_attr((string) Assistance::control()); ?>">
        </p>
        <p>
            <input type="hidden" name="has-versions" value="1">
            <label>
                <input type="checkbox" name="versions" value="1" <?php checked(PartVersions::isOn()); ?>>
                <?php esc_html_e('Mark new versions of plugins and the theme on the charts of the reports: their names and versions are sent to the server', 'peerpress'); ?>
            </label>
        </p>
        <?php submit_button(__('Save', 'peerpress'), 'secondary', 'submit', false, ['id' => Assistance::ACTION]); ?>
    </form>
    <div class="peerpress-actions">
        <?php foreach ($peerpress_forms as [$peerpress_action, $peerpress_text, $peerpress_class]) : ?>
            <form method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>">
                <input type="hidden" name="action" value="<?php echo esc_attr($peerpress_action); ?>">
                <?php
                wp_nonce_field($peerpress_action, '_wpnonce', true);
                submit_button($peerpress_text, $peerpress_class, 'submit', false, ['id' => $peerpress_action]);
                ?>
            </form>
        <?php endforeach; ?>
    </div>
    <p class="description">
        <?php esc_html_e('Posts you publish or change are sent by themselves. “Publish existing posts” sends the public posts from before.', 'peerpress'); ?>
    </p>
</div>
