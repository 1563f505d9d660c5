<?php
function ask(string $path): array
{
    while (true) {
        $told = [];
        $asked = curl_init("https://kabar.example.go.id$path");
        curl_setopt_array($asked, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_HTTPHEADER => ['Authorization: Bearer fh_…'],
            CURLOPT_HEADERFUNCTION => function ($_, $line) use (&$told) {
                [$name, $value] = explode(':', $line, 2) + ['', ''];
                $told[strtolower($name)] = trim($value);
                return strlen($line);
            },
        ]);
        $answer = curl_exec($asked);
        $status = curl_getinfo($asked, CURLINFO_RESPONSE_CODE);
        if ($status === 200) {
            return [json_decode($answer, true), $told['ratelimit'] ?? ''];
        }
        if ($status !== 429 && $status !== 503) {
            throw new Exception("HTTP $status");
        }
        sleep((int) ($told['retry-after'] ?? 60));
    }
}

[$page, $left] = ask('/api/v1/posts?q=imunisasi');
echo count($page['posts']), " $left\n";
