<?php

namespace PeerPress\Editorial;

/**
 * The text of a draft as blocks, with its sources as footnotes. All text is plain: it is escaped here.
 */
final class DraftContent
{
    /** Maximum numbers of sections, of claims in a section, and of sources. */
    private const MOST = ['sections' => 50, 'claims' => 100, 'sources' => 500];

    private array $fields;

    private function __construct(array $fields)
    {
        $this->fields = $fields;
    }

    /**
     * Checks the fields `title`, `description`, `sections` (`[{heading, claims: [{text, sources: [1, …]}]}]`) and
     * `sources` (`[{text, url}]`, which claims name by their place from 1 on).
     *
     * @return self|null Null if something is missing or of another kind.
     */
    public static function read(array $fields): ?self
    {
        $sources = $fields['sources'] ?? null;
        $isComplete = self::isText($fields['title'] ?? null)
            && is_string($fields['description'] ?? null)
            && self::isList($fields['sections'] ?? null, self::MOST['sections'], [self::class, 'isSection'])
            && [] !== $fields['sections']
            && self::isList($sources, self::MOST['sources'], [self::class, 'isSource']);
        return $isComplete ? new self($fields) : null;
    }

    /** Returns the post's title. */
    public function title(): string
    {
        return esc_html(sanitize_text_field($this->fields['title']));
    }

    /** Returns the post's excerpt. */
    public function description(): string
    {
        return esc_html(sanitize_text_field($this->fields['description']));
    }

    /** Returns the post's content. */
    public function blocks(): string
    {
        $blocks = [];
        foreach ($this->fields['sections'] as $section) {
            $heading = $this->escape($section['heading']);
            if ('' !== $heading) {
                $blocks[] = "<!-- wp:heading -->\n<h2>$heading</h2>\n<!-- /wp:heading -->";
            }
            foreach ($section['claims'] as $claim) {
                $text = $this->escape($claim['text']) . $this->marks($claim['sources']);
                $blocks[] = "<!-- wp:paragraph -->\n<p>$text</p>\n<!-- /wp:paragraph -->";
            }
        }
        return implode("\n\n", [...$blocks, $this->list()]);
    }

    /** Returns WordPress's own footnotes as JSON; null for a WordPress before 6.3, which has none. */
    public function notes(): ?string
    {
        if (! self::hasFootnotes()) {
            return null;
        }
        $notes = [];
        foreach (array_keys($this->fields['sources']) as $index) {
            $notes[] = ['content' => $this->source($index), 'id' => self::id($index + 1)];
        }
        return (string) wp_json_encode($notes, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    }

    /** Returns the marks of a claim's footnotes. */
    private function marks(array $numbers): string
    {
        $marks = '';
        foreach ($numbers as $number) {
            if (! isset($this->fields['sources'][$number - 1])) {
                continue;
            }
            $id = self::id($number);
            $marks .= self::hasFootnotes()
                ? "<sup data-fn=\"$id\" class=\"fn\"><a href=\"#$id\" id=\"$id-link\">$number</a></sup>"
                : "<sup><a href=\"#$id\">$number</a></sup>";
        }
        return $marks;
    }

    /** Returns the block with the sources. */
    private function list(): string
    {
        if (self::hasFootnotes()) {
            return '<!-- wp:footnotes /-->';
        }
        $items = '';
        foreach (array_keys($this->fields['sources']) as $index) {
            $items .= '<li id="' . self::id($index + 1) . '">' . $this->source($index) . '</li>';
        }
        return "<!-- wp:html -->\n<ol class=\"peerpress-sources\">$items</ol>\n<!-- /wp:html -->";
    }

    private function source(int $index): string
    {
        ['text' => $text, 'url' => $url] = $this->fields['sources'][$index] + ['url' => null];
        $label = $this->escape($text);
        $safe = is_string($url) ? esc_url($url, ['http', 'https']) : '';
        return '' === $safe ? $label : "<a href=\"$safe\">$label</a>";
    }

    private static function hasFootnotes(): bool
    {
        return \WP_Block_Type_Registry::get_instance()->is_registered('core/footnotes');
    }

    private static function id(int $number): string
    {
        return "peerpress-source-$number";
    }

    private function escape(string $text): string
    {
        // A shortcode or a block in a claim stays text.
        return str_replace(['[', ']'], ['&#091;', '&#093;'], esc_html(sanitize_text_field($text)));
    }

    /** @param mixed $section */
    private static function isSection($section): bool
    {
        return is_array($section)
            && is_string($section['heading'] ?? null)
            && self::isList($section['claims'] ?? null, self::MOST['claims'], [self::class, 'isClaim']);
    }

    /** @param mixed $claim */
    private static function isClaim($claim): bool
    {
        return is_array($claim)
            && self::isText($claim['text'] ?? null)
            && self::isList($claim['sources'] ?? null, self::MOST['sources'], 'is_int');
    }

    /** @param mixed $source */
    private static function isSource($source): bool
    {
        return is_array($source) && self::isText($source['text'] ?? null);
    }

    /** @param mixed $value */
    private static function isText($value): bool
    {
        return is_string($value) && '' !== trim($value);
    }

    /** @param mixed $value */
    private static function isList($value, int $most, callable $isItem): bool
    {
        return is_array($value)
            && count($value) <= $most
            && array_keys($value) === array_keys(array_keys($value))
            && count($value) === count(array_filter($value, $isItem));
    }
}
