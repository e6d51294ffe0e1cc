<?php

namespace PeerPress;

use PeerPress\Delivery\Delivery;
use PeerPress\Delivery\Schema;
use PeerPress\Editorial\CommandLog;
use PeerPress\Editorial\Drafts;
use PeerPress\Editorial\SeoFields;
use PeerPress\Page\Assistance;
use PeerPress\Page\PageCaches;
use PeerPress\Posts\Backfill;
use PeerPress\Posts\PostSwitch;
use PeerPress\Server\ConnectFlow;
use PeerPress\Server\Connection;
use PeerPress\Server\PartVersions;
use PeerPress\Server\Policy;

/**
 * Activation, deactivation and removal, for one site or for every site of a network.
 */
final class Lifecycle
{
    /**
     * Creates the table and resumes the deliveries of a connected site. Other sites of a network follow on their next
     * request.
     */
    public static function activate(): void
    {
        Schema::ensure();
        if (null !== Connection::stored()) {
            Delivery::start();
        }
    }

    /**
     * Unschedules all work. The connection and the outbox stay.
     */
    public static function deactivate(bool $networkWide): void
    {
        self::onSites($networkWide, static function (): void {
            Delivery::stop();
            Backfill::stop();
            Policy::stop();
            PartVersions::stop();
            PageCaches::purge();
        });
    }

    /**
     * Reports to the server that the connection ends, and removes everything that the plugin added to the database.
     */
    public static function uninstall(): void
    {
        self::onSites(is_multisite(), static function (): void {
            ConnectFlow::reportEnd();
            Delivery::stop();
            Backfill::stop();
            Policy::forget();
            PartVersions::forget();
            Connection::forget();
            ConnectFlow::forgetAll();
            Assistance::forget();
            PostSwitch::forgetAll();
            SeoFields::forgetAll();
            Drafts::forgetAll();
            CommandLog::forget();
            Schema::drop();
        });
    }

    private static function onSites(bool $all, callable $work): void
    {
        if (! $all) {
            $work();
            return;
        }
        foreach (get_sites(['fields' => 'ids', 'number' => 0]) as $site) {
            switch_to_blog($site);
            $work();
            restore_current_blog();
        }
    }
}
