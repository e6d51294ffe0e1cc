<?php

namespace PeerPress\Server;

/**
 * What the server says when it refuses: RFC 9457 problem JSON.
 */
final class Problem
{
    /**
     * The problem's title as plain text, empty when the answer carries none.
     *
     * @param array $answer Of wp_remote_post().
     */
    public static function title(array $answer): string
    {
        return self::text($answer, 'title');
    }

    /**
     * The problem's stable code, such as `stale`; empty when the answer carries none.
     *
     * @param array|\WP_Error $answer Of wp_remote_post().
     */
    public static function code($answer): string
    {
        return is_wp_error($answer) ? '' : self::text($answer, 'code');
    }

    /**
     * What went wrong, for people: the status with the problem's detail or title.
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
