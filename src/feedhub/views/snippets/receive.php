<?php
$secret = base64_decode(str_replace('whsec_', '', getenv('WEBHOOK_SECRET')));
$body = file_get_contents('php://input');
$id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
$stamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
$expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$stamp.$body", $secret, true));
$fits = array_filter(
    explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? ''),
    fn ($one) => hash_equals($expected, $one)
);
if (!$fits || abs(time() - (int) $stamp) > 300) {
    http_response_code(401);
    exit;
}
$event = json_decode($body, true);
if ($event['type'] === 'webhook.challenge') {
    echo $event['data']['challenge'];
    exit;
}
// Here: stop if $id was handled before; in your database, because PHP forgets.
file_put_contents('php://stdout', $event['type'] . ' ' . ($event['data']['change'] ?? '') . "\n");
http_response_code(204);
