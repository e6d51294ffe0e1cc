<?php

namespace PeerPress\Tests\Editorial;

use PeerPress\Editorial\SeoFields;

require_once __DIR__ . '/EditorialTestCase.php';

final class PageFieldsTest extends EditorialTestCase
{
    public function testWritesShowsAndRollsBackTheFieldsOfAPage(): void
    {
        $post = $this->post();
        $title = 'Bread & “butter”, 100% rye';
        $answer = $this->write($post, ['title' => $title, 'description' => 'Rye \ wheat'], []);
        $this->assertSame('written', $answer['result']);
        $this->assertSame('peerpress', $answer['place']);
        $this->assertSame(['title' => null, 'description' => null], $answer['before']);
        $this->assertSame(['title' => $title, 'description' => 'Rye \ wheat'], $answer['now']);
        $this->go($post);
        $this->assertSame($title, wp_get_document_title());
        $this->assertStringContainsString('<meta name="description" content="Rye \ wheat">', $this->head());
        $this->assertSame('Bread', get_post($post)->post_title);

        $answer = $this->write($post, ['title' => null, 'description' => null], $answer['now']);
        $this->assertSame('written', $answer['result']);
        $this->assertSame([null, null], [SeoFields::get($post, 'title'), SeoFields::get($post, 'description')]);
        $this->assertStringNotContainsString('name="description"', $this->head());
        $this->assertStringStartsWith('Bread', wp_get_document_title());
    }

    public function testOverwritesNothingThatSomebodyEdited(): void
    {
        $post = $this->post();
        update_post_meta($post, SeoFields::OWN_TITLE, 'By hand');
        $answer = $this->write($post, ['title' => 'Ours', 'description' => 'Ours'], ['title' => null]);
        $this->assertSame('conflict', $answer['result']);
        $this->assertSame(['title' => 'By hand', 'description' => null], $answer['now']);
        $this->assertNull(SeoFields::get($post, 'description'));
    }

    public function testRefusesMarkupControlCharactersAndPostsThatAreNotPublic(): void
    {
        $post = $this->post();
        foreach (['', ' x', "a\nb", '<b>x</b>', str_repeat('x', 1001), 12, ['x']] as $text) {
            $sent = $this->command('page.write', ['post' => (string) $post, 'title' => $text]);
            $this->assertSame(422, $sent->get_status(), var_export($text, true));
        }
        $this->assertSame(422, $this->command('page.write', ['post' => (string) $post])->get_status());
        $draft = $this->post(['post_status' => 'draft']);
        foreach ([$draft, 999999] as $id) {
            $sent = $this->command('page.write', ['post' => (string) $id, 'title' => 'x']);
            $this->assertSame(404, $sent->get_status());
        }
    }

    private function write(int $post, array $fields, array $expected): array
    {
        $sent = ['post' => (string) $post, 'expected' => (object) $expected] + $fields;
        $answer = $this->command('page.write', $sent);
        $this->assertSame(200, $answer->get_status(), wp_json_encode($answer->get_data()));
        return $answer->get_data();
    }

    private function go(int $post): void
    {
        $GLOBALS['wp_the_query'] = $GLOBALS['wp_query'] = new \WP_Query(['p' => $post]);
    }

    private function head(): string
    {
        ob_start();
        \PeerPress\Editorial\PageFields::printDescription();
        return (string) ob_get_clean();
    }
}
