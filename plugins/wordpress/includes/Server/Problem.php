<?php

namespace PeerPress\Server;

/**
 * Reads an error answer of the server: RFC 9457 problem JSON.
 */
final class Problem
{
    /**
     * Returns the problem's title as plain text; empty if the answer has none.
     *
     * @param array $answer Of wp_remote_post().
     */
    public static function title(array $answer): string
    {
        return self::text($answer, 'title');
    }

    /**
     * Returns the problem's stable code, such as `stale`; empty if the answer has none.
     *
     * @param array|\WP_Error $answer Of wp_remote_post().
     */
    public static function code($answer): string
    {
        return is_wp_error($answer) ? '' : self::text($answer, 'code');
    }

    /**
     * Returns the status with the problem's detail or title, for people.
     *
     * @param array $answer Of wp_remote_post().
     */
    public static function describe(array $answer): string
    {
        $detail = self::text($answer, 'detail');
        $status = (int) wp_remote_retrieve_response_code($answer);
        return rtrim("HTTP $status " . ('' === $detail ? self::title($answer) : $detail));
    }

    private static function text(array $answer, string $field): string
    {
        $problem = json_decode(wp_remote_retrieve_body($answer), true);
        $text = is_array($problem) ? ($problem[$field] ?? '') : '';
        return is_string($text) ? mb_substr(sanitize_text_field($text), 0, 200) : '';
    }
}
