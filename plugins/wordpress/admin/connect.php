<?php

/**
 * The settings page before the site is connected.
 */

use PeerPress\Server\ConnectFlow;
use PeerPress\Server\Connection;

defined('ABSPATH') || exit;
?>
<p class="peerpress-lead">
    <?php
    esc_html_e(
        'With PeerPress, readers of a post help each other to its pictures, videos and downloads, and you see how fast and how reliably every post reached them. Nothing leaves this site before you connect it.',
        'peerpress'
    );
    ?>
</p>
<form class="peerpress-panel" method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>">
    <input type="hidden" name="action" value="<?php echo esc_attr(ConnectFlow::CONNECT); ?>">
    <?php wp_nonce_field(ConnectFlow::CONNECT); ?>

    <label class="peerpress-label" for="peerpress-server"><?php esc_html_e('Server address', 'peerpress'); ?></label>
    <input class="regular-text" type="url" id="peerpress-server" name="server" required
        placeholder="https://peerpress.example.com" aria-describedby="peerpress-server-help">
    <p class="description" id="peerpress-server-help">
        <?php esc_html_e('Your own PeerPress server, or that of your agency. You will be asked there to approve this site.', 'peerpress'); ?>
    </p>

    <fieldset class="peerpress-choices">
        <legend class="peerpress-label"><?php esc_html_e('What are your readers asked first?', 'peerpress'); ?></legend>
        <p class="description">
            <?php
            esc_html_e(
                'While two readers exchange a picture, their browsers know each other’s IP address. Whether that needs a reader’s agreement depends on where your readers live, so this choice is yours.',
                'peerpress'
            );
            ?>
        </p>
        <label class="peerpress-choice">
            <input type="radio" name="consent" value="<?php echo esc_attr(Connection::REQUIRED); ?>" required>
            <span>
                <strong><?php esc_html_e('Ask first', 'peerpress'); ?></strong>
                <?php
                echo wp_kses(
                    __('A reader’s browser talks to other readers only after the reader agreed, in your consent banner: one that supports the WP Consent API does it by itself, any other calls <code>peerpress.consent(true)</code>. Until then everything comes from this site.', 'peerpress'),
                    ['code' => []]
                );
                ?>
            </span>
        </label>
        <label class="peerpress-choice">
            <input type="radio" name="consent" value="<?php echo esc_attr(Connection::NOTICE); ?>" required>
            <span>
                <strong><?php esc_html_e('Tell first', 'peerpress'); ?></strong>
                <?php esc_html_e('A small notice in a corner of the page tells the reader, with the buttons “OK” and “No thanks”. From when it is on the screen, the reader’s browser talks to other readers of the same post, until the reader says no. The answer is remembered in the reader’s browser. A browser that sends Global Privacy Control takes no part and sees no notice.', 'peerpress'); ?>
            </span>
        </label>
        <label class="peerpress-choice">
            <input type="radio" name="consent" value="<?php echo esc_attr(Connection::ASSUMED); ?>" required>
            <span>
                <strong><?php esc_html_e('Assume agreement', 'peerpress'); ?></strong>
                <?php esc_html_e('A reader’s browser talks to other readers of the same post without asking. A browser that sends Global Privacy Control takes no part.', 'peerpress'); ?>
            </span>
        </label>
        <p class="description">
            <?php esc_html_e('In all cases: a reader who says no, in your consent banner or by peerpress.consent(false), is disconnected at once; no cookie is set, no IP address is stored, and nothing is sent to other readers over mobile data, in data-saving mode or on a low battery.', 'peerpress'); ?>
        </p>
    </fieldset>
    <?php submit_button(__('Connect', 'peerpress'), 'primary', 'submit', false); ?>
</form>
