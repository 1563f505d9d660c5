<?php
$proof = json_decode(file_get_contents('saved.json'), true)['posts'][0]['proof'];
$keys = array_column(json_decode(file_get_contents('feedhub-keys.json'), true)['keys'], 'x', 'kid');
$key = sodium_base642bin($keys[$proof['key']], SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
if (!sodium_crypto_sign_verify_detached(base64_decode($proof['signature']), $proof['signed'], $key)) {
    throw new Exception('InvalidSignature');
}
echo json_decode($proof['signed'], true)['title'], "\n";
