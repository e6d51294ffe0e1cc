<?php

namespace PeerPress\Delivery;

/**
 * How delivery goes, for the settings page.
 */
final class OutboxStatus
{
    /** Events that wait for their first or next try. */
    public int $waiting;
    /** Events that the server refused, or that were tried for days, and that were given up. */
    public int $givenUp;
    /** Unix time of the last delivery; null when there was none. */
    public ?int $lastDelivery;
    /** Why and until when the whole outbox waits; null when it does not. */
    public ?Pause $pause;
    /** What went wrong last among the events that are not delivered. */
    public ?string $lastError;

    private function __construct()
    {
    }

    /** Reads the outbox. */
    public static function read(): self
    {
        global $wpdb;
        $table = Outbox::table();
        $counts = $wpdb->get_row(
            "SELECT SUM(delivered_at IS NULL AND next_attempt_at IS NOT NULL) AS waiting,
            SUM(delivered_at IS NULL AND next_attempt_at IS NULL) AS given_up,
            MAX(delivered_at) AS last_delivery FROM $table"
        );
        $status = new self();
        $status->pause = Pause::current();
        // A lost table has no counts. Repair makes it again.
        $status->waiting = (int) ($counts->waiting ?? 0);
        $status->givenUp = (int) ($counts->given_up ?? 0);
        $status->lastDelivery = isset($counts->last_delivery) ? strtotime($counts->last_delivery . ' UTC') : null;
        $status->lastError = $wpdb->get_var(
            "SELECT last_error FROM $table WHERE delivered_at IS NULL AND last_error IS NOT NULL
            ORDER BY id DESC LIMIT 1"
        );
        return $status;
    }
}
