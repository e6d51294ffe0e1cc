<?php

/**
 * What a web server does in front of WordPress, for `php -S`: pretty permalinks go to index.php, and uploads are
 * answered as Apache and nginx answer them (ETag, Last-Modified, conditional requests, ranges, 404). PHP's own file
 * answers have none of these: they are always 200, whole and without a validator.
 */

$path = rawurldecode((string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$root = $_SERVER['DOCUMENT_ROOT'];

if (0 === strpos($path, '/wp-content/uploads/')) {
    $file = realpath($root . $path);
    if (false === $file || ! is_file($file) || 0 !== strpos($file, realpath($root . '/wp-content/uploads') . '/')) {
        http_response_code(404);
        return true;
    }
    sendFile($file);
    return true;
}
if (is_dir($root . $path) && '/' !== substr($path, -1)) {
    header('Location: ' . $path . '/', true, 301);
    return true;
}
if ('/' !== $path && (is_file($root . $path) || is_file($root . $path . 'index.php'))) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['PHP_SELF'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $root . '/index.php';
require $root . '/index.php';

/** Answers with a file, whole or in part, or with 304 or 416. */
function sendFile(string $file): void
{
    $size = filesize($file);
    $modified = filemtime($file);
    $etag = sprintf('"%x-%x"', $modified, $size);
    header('ETag: ' . $etag);
    header('Last-Modified: ' . gmdate('D, d M Y H:i:s', $modified) . ' GMT');
    header('Accept-Ranges: bytes');
    header('Content-Type: ' . (mime_content_type($file) ?: 'application/octet-stream'));

    if (isNotModified($etag, $modified)) {
        http_response_code(304);
        return;
    }
    [$first, $last] = wantedRange($size, $etag);
    if ($first > $last && $size > 0) {
        http_response_code(416);
        header('Content-Range: bytes */' . $size);
        return;
    }
    if ($last - $first + 1 < $size) {
        http_response_code(206);
        header("Content-Range: bytes $first-$last/$size");
    }
    header('Content-Length: ' . ($last - $first + 1));
    if ('HEAD' !== $_SERVER['REQUEST_METHOD']) {
        sendBytes($file, $first, $last);
    }
}

/** Whether the client has this version. */
function isNotModified(string $etag, int $modified): bool
{
    if (isset($_SERVER['HTTP_IF_NONE_MATCH'])) {
        return false !== strpos($_SERVER['HTTP_IF_NONE_MATCH'], $etag);
    }
    return isset($_SERVER['HTTP_IF_MODIFIED_SINCE']) && strtotime($_SERVER['HTTP_IF_MODIFIED_SINCE']) >= $modified;
}

/** The one range that was asked for, else the whole file; first > last when it cannot be satisfied. */
function wantedRange(int $size, string $etag): array
{
    $whole = [0, $size - 1];
    $ifRange = $_SERVER['HTTP_IF_RANGE'] ?? $etag;
    if ($ifRange !== $etag || ! preg_match('/^bytes=(\d*)-(\d*)$/', $_SERVER['HTTP_RANGE'] ?? '', $range)) {
        return $whole;
    }
    if ('' === $range[1]) {
        return '' === $range[2] ? $whole : [max(0, $size - (int) $range[2]), '0' === $range[2] ? -1 : $size - 1];
    }
    $last = '' === $range[2] ? $size - 1 : min((int) $range[2], $size - 1);
    return (int) $range[1] < $size ? [(int) $range[1], $last] : [1, 0];
}

/** Sends the bytes from first to last, in pieces. */
function sendBytes(string $file, int $first, int $last): void
{
    $stream = fopen($file, 'rb');
    fseek($stream, $first);
    for ($left = $last - $first + 1; $left > 0 && ! connection_aborted(); $left -= 65536) {
        echo fread($stream, min(65536, $left));
        flush();
    }
    fclose($stream);
}
