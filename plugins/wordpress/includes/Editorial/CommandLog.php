<?php

namespace PeerPress\Editorial;

/**
 * The commands of the last hour, so that one that arrives twice is carried out once: the second gets the answer of the
 * first. Each command is a row of the options' table, because only a unique row can be claimed by one of two processes.
 */
final class CommandLog
{
    private const PREFIX = 'peerpress_command_';
    private const LIFETIME = HOUR_IN_SECONDS;
    /** Seconds after which a command without an answer counts as abandoned: its process was killed. */
    private const ABANDONED = 10 * MINUTE_IN_SECONDS;

    /** Claims a command. Returns false if it was claimed before, also by another process. */
    public static function claim(string $id): bool
    {
        global $wpdb;
        self::prune();
        $row = $wpdb->prepare(
            "INSERT IGNORE INTO $wpdb->options (option_name, option_value, autoload) VALUES (%s, %s, 'no')",
            self::name($id),
            time() . '|'
        );
        return 1 === $wpdb->query($row);
    }

    /** Records the answer to a claimed command. */
    public static function record(string $id, array $answer): void
    {
        global $wpdb;
        $value = time() . '|' . wp_json_encode($answer);
        $wpdb->update($wpdb->options, ['option_value' => $value], ['option_name' => self::name($id)]);
    }

    /** Gives a claimed command back that was not carried out. */
    public static function release(string $id): void
    {
        global $wpdb;
        $wpdb->delete($wpdb->options, ['option_name' => self::name($id)]);
    }

    /** Returns the answer that was recorded; null if the command is under way. */
    public static function answer(string $id): ?array
    {
        global $wpdb;
        $query = "SELECT option_value FROM $wpdb->options WHERE option_name = %s";
        $value = (string) $wpdb->get_var($wpdb->prepare($query, self::name($id)));
        $answer = json_decode(explode('|', $value, 2)[1] ?? '', true);
        return is_array($answer) ? $answer : null;
    }

    /** Deletes all of them. */
    public static function forget(): void
    {
        global $wpdb;
        $like = $wpdb->esc_like(self::PREFIX) . '%';
        $wpdb->query($wpdb->prepare("DELETE FROM $wpdb->options WHERE option_name LIKE %s", $like));
    }

    private static function prune(): void
    {
        global $wpdb;
        $query = "DELETE FROM $wpdb->options
            WHERE option_name LIKE %s AND (SUBSTRING_INDEX(option_value, '|', 1) < %s
                OR (option_value LIKE '%%|' AND SUBSTRING_INDEX(option_value, '|', 1) < %s))";
        $like = $wpdb->esc_like(self::PREFIX) . '%';
        $old = (string) (time() - self::LIFETIME);
        $wpdb->query($wpdb->prepare($query, $like, $old, (string) (time() - self::ABANDONED)));
    }

    private static function name(string $id): string
    {
        return self::PREFIX . md5($id);
    }
}
