<?php
const BEGIN = ['next' => 'https://kabar.example.go.id/api/v1/changes?after=0&limit=200&wait=25', 'posts' => []];
$held = is_file('feedhub.json') ? json_decode(file_get_contents('feedhub.json'), true) : BEGIN;

while (true) {
    $asked = curl_init($held['next']);
    curl_setopt_array($asked, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 60]);
    $answer = curl_exec($asked);
    $status = curl_getinfo($asked, CURLINFO_RESPONSE_CODE);
    $page = $answer !== false && $status === 200 ? json_decode($answer, true) : null;
    if ($page === null) {
        $held = $status === 410 ? BEGIN : $held; // replaced by an older database: begin again
        sleep(10);
        continue;
    }
    foreach ($page['changes'] as $change) {
        if ($change['state'] === 'deleted') {
            unset($held['posts'][$change['id']]);
        } else {
            $held['posts'][$change['id']] = $change['post'];
        }
    }
    $held['next'] = $page['next'];
    file_put_contents('feedhub.new', json_encode($held));
    rename('feedhub.new', 'feedhub.json'); // the posts and the place: both or neither
}
