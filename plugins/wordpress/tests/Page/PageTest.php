<?php

namespace PeerPress\Tests\Page;

use PeerPress\Page\Page;
use PeerPress\Tests\WordPressTestCase;

final class PageTest extends WordPressTestCase
{
    public function testTheConfigurationCannotEndItsOwnElement(): void
    {
        $this->connect();
        $hostile = static function (array $config): array {
            return ['server' => '</script><script>alert(1)</script>'] + $config;
        };
        add_filter('peerpress_page_config', $hostile);
        ob_start();
        Page::printScripts();
        $html = ob_get_clean();
        remove_filter('peerpress_page_config', $hostile);
        $this->assertSame(2, substr_count($html, '</script>'));
        $this->assertStringContainsString('\u003C/script\u003E', $html);
    }

    public function testPreviewsStayBare(): void
    {
        global $wp_query;
        $this->connect();
        $wp_query->is_preview = true;
        ob_start();
        Page::printScripts();
        $html = ob_get_clean();
        $wp_query->is_preview = false;
        $this->assertSame('', $html);
    }
}
