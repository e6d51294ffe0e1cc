<?php

namespace PeerPress\Delivery;

/**
 * The outbox's table: one for each site, made when it is missing or older than this plugin. Version 2 added `failures`
 * and `claim`.
 */
final class Schema
{
    private const OPTION = 'peerpress_schema';
    private const VERSION = '2';

    /** Registers the hooks. */
    public static function init(): void
    {
        add_action('init', [self::class, 'ensure'], 0);
        add_filter('wpmu_drop_tables', [self::class, 'withOutbox']);
    }

    /** Makes or updates the table; one autoloaded option says that there is nothing to do. */
    public static function ensure(): void
    {
        if (self::VERSION === get_option(self::OPTION)) {
            return;
        }
        self::make();
        update_option(self::OPTION, self::VERSION, true);
    }

    /**
     * Makes the table again when it is lost, as after a migration that copied WordPress's own tables only.
     *
     * @return bool Whether it was lost.
     */
    public static function repair(): bool
    {
        global $wpdb;
        $table = Outbox::table();
        if ($table === $wpdb->get_var($wpdb->prepare('SHOW TABLES LIKE %s', $wpdb->esc_like($table)))) {
            return false;
        }
        self::make();
        return true;
    }

    /** Removes the table and the note of its version. */
    public static function drop(): void
    {
        global $wpdb;
        $wpdb->query('DROP TABLE IF EXISTS ' . Outbox::table());
        delete_option(self::OPTION);
    }

    /**
     * WordPress drops these when a site of a network is deleted.
     *
     * @param string[] $tables
     * @return string[]
     */
    public static function withOutbox(array $tables): array
    {
        $tables[] = Outbox::table();
        return $tables;
    }

    private static function make(): void
    {
        require_once ABSPATH . 'wp-admin/includes/upgrade.php';
        dbDelta(self::statement());
    }

    /** WordPress's dbDelta reads this text by line and wants two spaces after PRIMARY KEY. Times are UTC. */
    private static function statement(): string
    {
        global $wpdb;
        $table = Outbox::table();
        $collation = $wpdb->get_charset_collate();
        return "CREATE TABLE $table (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  event_id varchar(64) NOT NULL,
  type varchar(32) NOT NULL,
  post_id bigint(20) unsigned NOT NULL,
  url text NOT NULL,
  created_at datetime NOT NULL,
  attempts int(10) unsigned NOT NULL DEFAULT 0,
  failures int(10) unsigned NOT NULL DEFAULT 0,
  claim varchar(32) DEFAULT NULL,
  next_attempt_at datetime DEFAULT NULL,
  delivered_at datetime DEFAULT NULL,
  last_error text DEFAULT NULL,
  PRIMARY KEY  (id),
  UNIQUE KEY event_id (event_id),
  KEY post_id (post_id,id),
  KEY due (delivered_at,next_attempt_at)
) $collation";
    }
}
