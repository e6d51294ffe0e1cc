<?php

namespace PeerPress\Admin;

/**
 * Puts the server's answer about the community into words.
 */
final class CommunityText
{
    /** Maximum characters of a text from the server. */
    private const LONGEST = 300;

    /**
     * Returns the text, the possible actions, and a link to the feed or to the post in it; the link is empty if the
     * server sent no web address.
     *
     * @param array $body   Decoded JSON of the server.
     * @param bool  $isPost Whether it is about a post.
     * @return array{text: string, actions: string[], link: string}
     */
    public static function of(array $body, bool $isPost): array
    {
        $member = is_array($body['member'] ?? null) ? $body['member'] : null;
        $post = is_array($body['post'] ?? null) ? $body['post'] : null;
        if (null === $member) {
            $text = __('This site is no member of the community. Join to share posts and to vote.', 'peerpress');
            return ['text' => $text, 'actions' => $isPost ? [] : ['join'], 'link' => self::link($body, 'feed')];
        }
        if ($isPost) {
            return null === $post
                ? ['text' => __('Not shared yet', 'peerpress'), 'actions' => ['share'], 'link' => '']
                : ['text' => self::shared($post), 'actions' => [], 'link' => self::link($post, 'url')];
        }
        return ['text' => self::standing($member), 'actions' => ['leave'], 'link' => self::link($body, 'feed')];
    }

    private static function shared(array $post): string
    {
        if (true !== ($post['isShown'] ?? null)) {
            return __('Shared, but not shown at the moment', 'peerpress');
        }
        /* translators: 1: number of upvotes, 2: number of downvotes. */
        $text = __('Shared: %1$s up, %2$s down', 'peerpress');
        $up = number_format_i18n((int) ($post['upVotes'] ?? 0));
        return sprintf($text, $up, number_format_i18n((int) ($post['downVotes'] ?? 0)));
    }

    private static function standing(array $member): string
    {
        if (true === ($member['isBanned'] ?? null)) {
            return __('The operator of the server banned this site from the community.', 'peerpress');
        }
        /* translators: 1: a domain, 2: a date, 3: a number from 0 to 1. */
        $text = __('%1$s is a member since %2$s. Its votes weigh %3$s.', 'peerpress');
        $since = strtotime(self::text($member, 'joinedAt'));
        $trust = (float) ($member['trust'] ?? 0);
        $parts = [sprintf(
            $text,
            self::text($member, 'name'),
            false === $since ? '' : wp_date((string) get_option('date_format'), $since),
            number_format_i18n($trust, 1)
        )];
        if ($trust <= 0) {
            $parts[] = __('They count from 14 days and 100 measured human views on.', 'peerpress');
        }
        $problem = self::text($member, 'problem');
        if ('' !== $problem) {
            /* translators: %s: an error. */
            $parts[] = sprintf(__('The domain could not be proven again: %s', 'peerpress'), $problem);
        }
        return implode(' ', $parts);
    }

    /** Returns a web address; empty for any other text. */
    private static function link(array $fields, string $name): string
    {
        $url = is_string($fields[$name] ?? null) ? $fields[$name] : '';
        return 1 === preg_match('#^https?://#i', $url) ? esc_url_raw($url) : '';
    }

    private static function text(array $fields, string $name): string
    {
        $text = is_string($fields[$name] ?? null) ? sanitize_text_field($fields[$name]) : '';
        return mb_substr($text, 0, self::LONGEST);
    }
}
