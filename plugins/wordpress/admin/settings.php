<?php

/**
 * The settings page's frame.
 *
 * @var PeerPress\Server\Connection|null   $connection
 * @var PeerPress\Delivery\OutboxStatus|null $status
 * @var array|null                  $notice     [kind, text]
 */

defined('ABSPATH') || exit;
?>
<div class="wrap peerpress">
    <h1><?php echo esc_html(get_admin_page_title()); ?></h1>
    <?php if (null !== $notice) : ?>
        <div class="notice notice-<?php echo esc_attr($notice[0]); ?> is-dismissible">
            <p><?php echo esc_html($notice[1]); ?></p>
        </div>
    <?php endif; ?>
    <?php
    if (PeerPress\Server\HomeCheck::isAsking()) {
        // Connecting here would make another site of one that moved, with none of its posts and reports.
        printf('<p class="peerpress-lead">%s</p>', esc_html__('Please answer the question above first.', 'peerpress'));
    } elseif (null === $connection) {
        require __DIR__ . '/connect.php';
    } else {
        require __DIR__ . '/connected.php';
    }
    ?>
</div>
