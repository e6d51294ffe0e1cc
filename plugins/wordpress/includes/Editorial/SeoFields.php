<?php

namespace PeerPress\Editorial;

/**
 * Where the title and the description of a post's page are stored: in the fields of the SEO plugin that is active, else
 * in fields of this plugin.
 */
final class SeoFields
{
    /** Name of the place if no SEO plugin is active. */
    public const OWN = 'peerpress';
    /** Fields of this plugin. */
    public const OWN_TITLE = '_peerpress_title';
    public const OWN_DESCRIPTION = '_peerpress_description';

    /** What each SEO plugin defines, and its documented fields for title and description. */
    private const PLUGINS = [
        'yoast' => ['WPSEO_VERSION', '_yoast_wpseo_title', '_yoast_wpseo_metadesc'],
        'rank-math' => ['RANK_MATH_VERSION', 'rank_math_title', 'rank_math_description'],
        'seopress' => ['SEOPRESS_VERSION', '_seopress_titles_title', '_seopress_titles_desc'],
        'aioseo' => ['AIOSEO_VERSION', '_aioseo_title', '_aioseo_description'],
    ];
    private const AIOSEO_MODEL = 'AIOSEO\Plugin\Common\Models\Post';

    /** Returns the name of the place. */
    public static function place(): string
    {
        foreach (self::PLUGINS as $name => [$constant]) {
            if (defined($constant)) {
                return $name;
            }
        }
        return self::OWN;
    }

    /** Returns the key of a place's field `title` or `description`. */
    public static function key(string $place, string $field): string
    {
        if (self::OWN === $place) {
            return 'title' === $field ? self::OWN_TITLE : self::OWN_DESCRIPTION;
        }
        return self::PLUGINS[$place]['title' === $field ? 1 : 2];
    }

    /** Returns what the field of a post has; null if it has nothing. */
    public static function get(int $post, string $field): ?string
    {
        $model = self::aioseo($post);
        $value = null === $model
            ? get_post_meta($post, self::key(self::place(), $field), true)
            : $model->$field;
        return is_string($value) && '' !== $value ? $value : null;
    }

    /** Replaces what the field of a post has; null removes it. Returns false if another process changed it since. */
    public static function replace(int $post, string $field, ?string $from, ?string $to): bool
    {
        if (self::get($post, $field) !== $from) {
            return false;
        }
        $key = self::key(self::place(), $field);
        // All in One SEO reads its own table, and holds copies in these fields for translation plugins.
        $model = self::aioseo($post);
        if (null !== $model) {
            $model->post_id = $post;
            $model->$field = $to;
            $model->save();
        }
        if (null === $to) {
            delete_post_meta($post, $key);
        } else {
            update_post_meta($post, $key, wp_slash($to));
        }
        return self::get($post, $field) === $to;
    }

    /** Deletes the fields of this plugin from all posts. */
    public static function forgetAll(): void
    {
        delete_post_meta_by_key(self::OWN_TITLE);
        delete_post_meta_by_key(self::OWN_DESCRIPTION);
    }

    /** Returns the record of All in One SEO about a post; null if that plugin is not active. */
    private static function aioseo(int $post): ?object
    {
        $read = [self::AIOSEO_MODEL, 'getPost'];
        return 'aioseo' === self::place() && is_callable($read) ? $read($post) : null;
    }
}
