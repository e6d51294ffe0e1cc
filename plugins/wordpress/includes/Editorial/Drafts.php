<?php

namespace PeerPress\Editorial;

use WP_Post;

/**
 * Saves drafts that a person approved on the server as posts with the status `draft`. A draft that somebody edited here
 * is never overwritten, and a post that was published or trashed is never changed.
 */
final class Drafts
{
    /** Fields of the post: the draft's id on the server, and the digest of the post as this plugin saved it. */
    public const META = '_peerpress_draft';
    private const DIGEST_META = '_peerpress_draft_digest';
    private const APPROVER_META = '_peerpress_draft_approved_by';

    /**
     * Carries out `draft.write`.
     *
     * @return array|\WP_Error `{result: 'written'|'conflict'|'refused', post, status, isChanged, text}`: `isChanged` is
     *                         whether this site stored something else than it got, `text` what happened, for people.
     */
    public static function write(CommandMessage $message)
    {
        $content = DraftContent::read($message->fields);
        $draft = (string) $message->text('draft');
        if (null === $content || ! preg_match('/^[a-z0-9]{16}$/D', $draft)) {
            return CommandMessage::refuse('bad-command', 422, __('The draft is not complete.', 'peerpress'));
        }
        if (! CommandLog::claim("draft $draft")) {
            $text = __('The draft is being saved.', 'peerpress');
            return CommandMessage::refuse('in-progress', 409, $text);
        }
        try {
            $fields = [
                'post_type' => 'post',
                'post_status' => 'draft',
                'post_title' => $content->title(),
                'post_excerpt' => $content->description(),
                'post_content' => $content->blocks(),
            ];
            $known = self::find($draft) ?? self::findInterrupted($draft);
            if (null !== $known && ! self::isUntouched($known, $fields)) {
                return self::conflict($known);
            }
            $id = self::store($known, $draft, $fields);
            return is_wp_error($id) ? self::refusal($id) : self::complete($id, $message, $content, $fields);
        } finally {
            CommandLog::release("draft $draft");
        }
    }

    /** Returns the draft's id on the server; null if the post comes from no draft. */
    public static function idOf(int $post): ?string
    {
        $id = get_post_meta($post, self::META, true);
        return is_string($id) && '' !== $id ? $id : null;
    }

    /** Removes the fields from all posts. The posts stay. */
    public static function forgetAll(): void
    {
        foreach ([self::META, self::DIGEST_META, self::APPROVER_META] as $key) {
            delete_post_meta_by_key($key);
        }
    }

    private static function find(string $draft): ?WP_Post
    {
        $posts = get_posts([
            'post_type' => 'any',
            'post_status' => array_values(get_post_stati()),
            'meta_key' => self::META,
            'meta_value' => $draft,
            'numberposts' => 1,
            'suppress_filters' => true,
        ]);
        return $posts[0] ?? null;
    }

    /**
     * Returns the post of an attempt whose process was killed before the fields of the post were stored. Its GUID was
     * stored with its text.
     */
    private static function findInterrupted(string $draft): ?WP_Post
    {
        global $wpdb;
        $query = "SELECT ID FROM $wpdb->posts WHERE post_type = 'post' AND post_status = 'draft' AND guid = %s LIMIT 1";
        $id = $wpdb->get_var($wpdb->prepare($query, self::guid($draft)));
        return null === $id ? null : get_post((int) $id);
    }

    private static function guid(string $draft): string
    {
        return home_url("/?peerpress-draft=$draft");
    }

    /** Returns whether the post is a draft with the text that this plugin saved, or is about to save. */
    private static function isUntouched(WP_Post $post, array $fields): bool
    {
        $digest = get_post_meta($post->ID, self::DIGEST_META, true);
        if ('' === $digest) {
            $digest = self::digest((object) $fields);
        }
        return 'draft' === $post->post_status && $digest === self::digest($post);
    }

    /** @return int|\WP_Error The post. */
    private static function store(?WP_Post $known, string $draft, array $fields)
    {
        $fields += null === $known
            ? ['post_author' => self::author(), 'guid' => self::guid($draft)]
            : ['ID' => $known->ID];
        return wp_insert_post(wp_slash($fields), true);
    }

    private static function refusal(\WP_Error $error): array
    {
        $text = sanitize_text_field($error->get_error_message());
        return ['result' => 'refused', 'post' => null, 'status' => null, 'isChanged' => false, 'text' => $text];
    }

    /** Stores the fields of the post, and returns the answer. */
    private static function complete(int $id, CommandMessage $message, DraftContent $content, array $fields): array
    {
        update_post_meta($id, self::META, (string) $message->text('draft'));
        $approver = sanitize_text_field((string) $message->text('approvedBy'));
        update_post_meta($id, self::APPROVER_META, wp_slash($approver));
        $notes = $content->notes();
        if (null !== $notes) {
            update_post_meta($id, 'footnotes', wp_slash($notes));
        }
        clean_post_cache($id);
        $saved = get_post($id);
        update_post_meta($id, self::DIGEST_META, self::digest($saved));
        $isChanged = [] !== array_diff_assoc($fields, $saved->to_array());
        return [
            'result' => 'written',
            'post' => (string) $id,
            'status' => $saved->post_status,
            'isChanged' => $isChanged,
            'text' => $isChanged
                ? __('This site stored the draft in another form than it got it.', 'peerpress')
                : __('Saved as a draft.', 'peerpress'),
        ];
    }

    private static function conflict(WP_Post $post): array
    {
        $editor = get_userdata((int) get_post_meta($post->ID, '_edit_last', true));
        $text = sprintf(
            /* translators: 1: a person's name, 2: a date and time, 3: the post's status */
            __('%1$s edited the post on %2$s; its status is %3$s. Nothing was overwritten.', 'peerpress'),
            false === $editor ? __('Somebody', 'peerpress') : $editor->display_name,
            $post->post_modified_gmt . ' UTC',
            $post->post_status
        );
        return [
            'result' => 'conflict',
            'post' => (string) $post->ID,
            'status' => $post->post_status,
            'isChanged' => true,
            'text' => $text,
        ];
    }

    private static function digest(object $post): string
    {
        return md5(implode("\n\n", [$post->post_title, $post->post_excerpt, $post->post_content]));
    }

    /** Returns the first administrator, because a post needs an author. 0 if there is none. */
    private static function author(): int
    {
        $ids = get_users(['role' => 'administrator', 'number' => 1, 'orderby' => 'ID', 'fields' => 'ID']);
        return (int) ($ids[0] ?? 0);
    }
}
