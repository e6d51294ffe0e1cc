<?php

/** Signs the administrator in; prints `{cookies: {name: value}, nonce}`, the nonce being the REST API's. */

$user = get_user_by('login', 'admin');
$expiration = time() + DAY_IN_SECONDS;
$token = WP_Session_Tokens::get_instance($user->ID)->create($expiration);
$cookies = [
    AUTH_COOKIE => wp_generate_auth_cookie($user->ID, $expiration, 'auth', $token),
    LOGGED_IN_COOKIE => wp_generate_auth_cookie($user->ID, $expiration, 'logged_in', $token),
];
// The nonce is bound to the session that the cookie names.
$_COOKIE[LOGGED_IN_COOKIE] = $cookies[LOGGED_IN_COOKIE];
wp_set_current_user($user->ID);
echo json_encode(['cookies' => array_map('rawurlencode', $cookies), 'nonce' => wp_create_nonce('wp_rest')]);
