<?php

/**
 * Plugin Name: SEO fields for tests
 *
 * Stores the title and the description of a page where one of the SEO plugins documents them, and prints them.
 * The file seo-kind beside it names the plugin that it stands for.
 */

namespace AIOSEO\Plugin\Common\Models {
    /** The record of a post, in a table of its own: All in One SEO reads nothing else. */
    final class Post
    {
        public ?int $post_id = null;
        public ?string $title = null;
        public ?string $description = null;

        public static function getPost(int $post): self
        {
            global $wpdb;
            $row = $wpdb->get_row($wpdb->prepare('SELECT * FROM ' . self::table() . ' WHERE post_id = %d', $post));
            $record = new self();
            if (null !== $row) {
                [$record->post_id, $record->title, $record->description] = [$post, $row->title, $row->description];
            }
            return $record;
        }

        public function save(): void
        {
            global $wpdb;
            $wpdb->replace(self::table(), get_object_vars($this));
        }

        public static function table(): string
        {
            global $wpdb;
            $table = "{$wpdb->prefix}aioseo_posts";
            $wpdb->query("CREATE TABLE IF NOT EXISTS $table (post_id bigint PRIMARY KEY, title text, description text)");
            return $table;
        }
    }
}

namespace {
    (static function (): void {
        $kind = file_get_contents(__DIR__ . '/seo-kind');
        [$version, $title, $description] = [
            'yoast' => ['WPSEO_VERSION', '_yoast_wpseo_title', '_yoast_wpseo_metadesc'],
            'rank-math' => ['RANK_MATH_VERSION', 'rank_math_title', 'rank_math_description'],
            'seopress' => ['SEOPRESS_VERSION', '_seopress_titles_title', '_seopress_titles_desc'],
            'aioseo' => ['AIOSEO_VERSION', 'title', 'description'],
        ][$kind];
        define($version, 'test');
        $own = static function (string $field) use ($kind): string {
            if (! is_singular()) {
                return '';
            }
            $post = get_queried_object_id();
            return 'aioseo' === $kind
                ? (string) AIOSEO\Plugin\Common\Models\Post::getPost($post)->$field
                : get_post_meta($post, $field, true);
        };
        add_filter('pre_get_document_title', static function ($default) use ($own, $title) {
            return '' === $own($title) ? $default : $own($title);
        }, 15);
        add_action('wp_head', static function () use ($own, $description): void {
            if ('' !== $own($description)) {
                printf("<meta name=\"description\" content=\"%s\" />\n", esc_attr($own($description)));
            }
        }, 1);
    })();
}
