<?php
$answer = file_get_contents('https://kabar.example.go.id/api/v1/posts?department=dinkes&limit=5');
foreach (json_decode($answer, true)['posts'] as $post) {
    echo "{$post['published_at']} {$post['title']} {$post['url']}\n";
}
