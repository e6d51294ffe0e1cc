<?php

/**
 * The question on every page of wp-admin when this WordPress runs at another address than the one it was connected at.
 *
 * @var string $before  The address of the connection without its scheme; empty when it is not known.
 * @var array  $buttons [action, text] of each
 */

use PeerPress\Server\ServerRequest;

defined('ABSPATH') || exit;
?>
<div class="notice notice-warning">
    <p>
        <strong><?php esc_html_e('PeerPress is paused: this site’s address has changed.', 'peerpress'); ?></strong>
        <?php
        echo esc_html(
            '' === $before
                /* translators: %s: an address. */
                ? sprintf(__('Its server does not know it at %s.', 'peerpress'), ServerRequest::home())
                /* translators: 1: an address without its scheme, 2: an address. */
                : sprintf(__('It was connected at %1$s and is now at %2$s.', 'peerpress'), $before, ServerRequest::home())
        );
        echo ' ';
        esc_html_e('Nothing is sent until you choose. A copy, such as a staging site, forgets the connection; the original is not affected. A site that moved keeps its reports, after the server’s operator approved the new address.', 'peerpress');
        ?>
    </p>
    <?php foreach ($buttons as [$peerpress_action, $peerpress_text]) : ?>
        <form method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>" style="display: inline-block; margin: 0 6px 10px 0">
            <input type="hidden" name="action" value="<?php echo esc_attr($peerpress_action); ?>">
            <?php wp_nonce_field($peerpress_action); ?>
            <?php submit_button($peerpress_text, 'secondary', 'submit', false, ['id' => $peerpress_action]); ?>
        </form>
    <?php endforeach; ?>
</div>
