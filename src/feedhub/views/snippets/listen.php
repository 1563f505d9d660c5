<?php
$last = '0'; // the number that you kept

while (true) {
    $rest = '';
    $asked = curl_init('https://kabar.example.go.id/api/v1/stream');
    curl_setopt_array($asked, [
        CURLOPT_HTTPHEADER => ["Last-Event-ID: $last"],
        CURLOPT_FAILONERROR => true,
        CURLOPT_TCP_KEEPALIVE => true,
        CURLOPT_WRITEFUNCTION => function ($_, string $piece) use (&$rest, &$last): int {
            $events = explode("\n\n", $rest . $piece);
            $rest = array_pop($events);
            foreach ($events as $event) {
                $said = [];
                foreach (explode("\n", $event) as $line) {
                    [$field, $value] = explode(': ', $line, 2) + ['', ''];
                    $said[$field] = $value;
                }
                if (($said['event'] ?? '') === 'change') {
                    $change = json_decode($said['data'], true);
                    echo "{$change['change']} {$change['state']} {$change['id']}\n";
                }
                $last = $said['id'] ?? $last;
            }
            return strlen($piece);
        },
    ]);
    curl_exec($asked);
    $last = curl_getinfo($asked, CURLINFO_RESPONSE_CODE) === 410 ? '0' : $last;
    sleep(2);
}
