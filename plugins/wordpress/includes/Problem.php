<?php

namespace PeerPress;

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
        $problem = json_decode(wp_remote_retrieve_body($answer), true);
        $title = is_array($problem) ? ($problem['title'] ?? '') : '';
        return is_string($title) ? mb_substr(sanitize_text_field($title), 0, 200) : '';
    }
}
