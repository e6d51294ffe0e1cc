<?php

namespace PeerPress\Editorial;

use PeerPress\Page\PageCaches;
use PeerPress\Posts\Visibility;

/**
 * Writes the title and the description of a post's page, and shows them in the page if no SEO plugin does.
 */
final class PageFields
{
    private const FIELDS = ['title', 'description'];
    private const PLAIN = '/^[^\x00-\x1f\x7f<>]{1,1000}$/Du';

    /** Registers the hooks. */
    public static function init(): void
    {
        add_filter('pre_get_document_title', [self::class, 'title'], 20);
        add_action('wp_head', [self::class, 'printDescription'], 1);
    }

    /**
     * Carries out `page.write`: replaces fields that still have what the server read or wrote last. If one has
     * something else, somebody edited it meanwhile, and nothing is written.
     *
     * @return array|\WP_Error `{result: 'written'|'conflict', place, before, now}`, where `before` and `now` have the
     *                         fields as they were and as they are.
     */
    public static function write(CommandMessage $message)
    {
        $post = get_post((int) $message->text('post'));
        if (null === $post || ! Visibility::isPublic($post)) {
            $text = __('There is no such public post.', 'peerpress');
            return CommandMessage::refuse('no-post', 404, $text);
        }
        $changes = self::changes($message);
        if (null === $changes) {
            $text = __('The title or the description is no valid text.', 'peerpress');
            return CommandMessage::refuse('bad-command', 422, $text);
        }
        $before = self::current($post->ID);
        $answer = ['place' => SeoFields::place(), 'before' => $before];
        foreach ($changes as $field => $change) {
            if ($change['any'] || $change['from'] === $before[$field]) {
                continue;
            }
            return ['result' => 'conflict', 'now' => $before] + $answer;
        }
        foreach ($changes as $field => $change) {
            if (! SeoFields::replace($post->ID, $field, $before[$field], $change['to'])) {
                return ['result' => 'conflict', 'now' => self::current($post->ID)] + $answer;
            }
        }
        clean_post_cache($post);
        PageCaches::request();
        return ['result' => 'written', 'now' => self::current($post->ID)] + $answer;
    }

    /**
     * Returns the title of a post's page if this plugin has one and no SEO plugin is active.
     *
     * @param mixed $title
     * @return mixed
     */
    public static function title($title)
    {
        return self::own('title') ?? $title;
    }

    /** Prints the description of a post's page likewise. */
    public static function printDescription(): void
    {
        $description = self::own('description');
        if (null !== $description) {
            printf("<meta name=\"description\" content=\"%s\">\n", esc_attr($description));
        }
    }

    private static function own(string $field): ?string
    {
        $isShown = is_singular() && SeoFields::OWN === SeoFields::place();
        return $isShown ? SeoFields::get(get_queried_object_id(), $field) : null;
    }

    /** @return array<string, ?string> */
    private static function current(int $post): array
    {
        return [
            'title' => SeoFields::get($post, 'title'),
            'description' => SeoFields::get($post, 'description'),
        ];
    }

    /**
     * Returns the changes by field: `to` is the new text or null, `from` the text that it replaces, and `any` whether
     * that does not matter because nothing is known of it.
     *
     * @return array<string, array{to: ?string, from: ?string, any: bool}>|null Null if one is no valid text.
     */
    private static function changes(CommandMessage $message): ?array
    {
        $changes = [];
        foreach (self::FIELDS as $field) {
            if (! array_key_exists($field, $message->fields)) {
                continue;
            }
            $to = $message->fields[$field];
            if (null !== $to && ! self::isPlain($to)) {
                return null;
            }
            $expected = is_array($message->fields['expected'] ?? null) ? $message->fields['expected'] : [];
            $changes[$field] = [
                'to' => $to,
                'from' => is_string($expected[$field] ?? null) ? $expected[$field] : null,
                'any' => ! array_key_exists($field, $expected),
            ];
        }
        return [] === $changes ? null : $changes;
    }

    /**
     * Returns whether a value is text of one line without markup.
     *
     * @param mixed $value
     */
    private static function isPlain($value): bool
    {
        return is_string($value) && trim($value) === $value && 1 === preg_match(self::PLAIN, $value);
    }
}
