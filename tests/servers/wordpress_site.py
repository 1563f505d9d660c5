"""A real WordPress (Debian's) with MariaDB and PHP's own web server, alone in a folder, from nothing.

apt-get install --no-install-recommends wordpress wordpress-l10n wordpress-theme-twentytwentythree \\
    mariadb-server php-cli php-mysql php-xml php-mbstring php-gd php-curl
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from servers.started import free_port, not_run, started

PACKAGES = "wordpress wordpress-theme-twentytwentythree mariadb-server php-cli php-mysql php-xml php-mbstring php-gd"
_SOURCE = Path("/usr/share/wordpress")
_CONTENT = Path("/var/lib/wordpress/wp-content")
_SECRETS = "AUTH_KEY SECURE_AUTH_KEY LOGGED_IN_KEY NONCE_KEY AUTH_SALT SECURE_AUTH_SALT LOGGED_IN_SALT NONCE_SALT"

_CONFIG = """<?php
define('DB_NAME', 'wp'); define('DB_USER', 'wp'); define('DB_PASSWORD', 'wp');
define('DB_HOST', 'localhost:{folder}/db.sock'); define('DB_CHARSET', 'utf8mb4');
define('WP_HOME', '{url}'); define('WP_SITEURL', '{url}');
define('WP_CONTENT_DIR', '{folder}/site/wp-content'); define('ABSPATH', '{folder}/site/');
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DEBUG', false); define('WP_ENVIRONMENT_TYPE', 'local');
{secrets}
$table_prefix = 'wp_';
require_once ABSPATH . 'wp-settings.php';
"""
_CLOSING = """<?php // while the file `closed` is there, visitors may not read the API
add_filter('rest_authentication_errors', fn($so_far) => file_exists(WP_CONTENT_DIR . '/closed') && !is_user_logged_in()
    ? new WP_Error('rest_not_logged_in', 'Anda tidak masuk log.', ['status' => 401]) : $so_far);
"""
_ROUTER = """<?php
$path = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$root = '{folder}/site';
if ($path !== '/' && is_file($root . $path)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php';
chdir($root);
require $root . '/index.php';
"""
_ALONE = """<?php
$_SERVER['HTTP_HOST'] = '127.0.0.1'; $_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1'; $_SERVER['REQUEST_METHOD'] = 'GET';
{before}
require '{folder}/site/wp-load.php';
{acts}
"""
_INSTALL = """
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Dinas Kesehatan', 'admin', 'admin@example.test', true, '', 'admin-pass-1', 'id_ID');
update_option('permalink_structure', '/%year%/%monthnum%/%day%/%postname%/');
update_option('timezone_string', 'Asia/Jakarta');
flush_rewrite_rules(true);
$admin = get_user_by('login', 'admin');
echo WP_Application_Passwords::create_new_application_password($admin->ID, ['name' => 'tests'])[0];
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPressSite:
    """A running site; `api` speaks as its administrator."""

    url: str
    folder: Path
    api: httpx.AsyncClient

    async def post(self, title: str, content: str, **more: object) -> dict:
        """Publish something."""
        return await self._said("POST", "posts", json={"status": "publish", "title": title, "content": content, **more})

    async def edit(self, id: int, **changed: object) -> dict:
        return await self._said("POST", f"posts/{id}", json=changed)

    async def trash(self, id: int) -> None:
        await self._said("DELETE", f"posts/{id}")

    async def delete(self, id: int) -> None:
        await self._said("DELETE", f"posts/{id}?force=true")

    async def upload(self, name: str, body: bytes, mime: str, **more: object) -> dict:
        """A file, and what the editor writes about it."""
        headers = {"Content-Type": mime, "Content-Disposition": f'attachment; filename="{name}"'}
        made = await self._said("POST", "media", content=body, headers=headers)
        return await self._said("POST", f"media/{made['id']}", json=more)

    async def category(self, name: str) -> dict:
        return await self._said("POST", "categories", json={"name": name})

    def close_api(self, *, closed: bool = True) -> None:
        """Let visitors read the API no more, as plugins do; or again."""
        flag = self.folder / "site" / "wp-content" / "closed"
        flag.touch() if closed else flag.unlink(missing_ok=True)

    async def run(self, php: str, *, before: str = "") -> str:
        """Let WordPress run some PHP; what it prints."""
        script = self.folder / "once.php"
        script.write_text(_ALONE.format(folder=self.folder, before=before, acts=php))
        process = await asyncio.create_subprocess_exec(
            "php", str(script), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, error = await process.communicate()
        assert process.returncode == 0, (out + error)[-2_000:]
        return out.decode().strip()

    async def _said(self, method: str, path: str, **asked: object) -> dict:
        said = await self.api.request(method, f"{self.url}/?rest_route=/wp/v2/{path.replace('?', '&')}", **asked)
        assert said.is_success, said.text[:500]
        return said.json()


@asynccontextmanager
async def wordpress_site(folder: Path) -> AsyncIterator[WordPressSite]:
    """A new site in `folder`, until the block ends. Skips where its programs are not installed."""
    missing = [name for name in ("mariadbd", "mariadb-install-db", "mariadb", "php") if not shutil.which(name)]
    if missing or not _SOURCE.is_dir():  # noqa: ASYNC240 - before anything else runs
        not_run("WordPress", f"apt-get install --no-install-recommends {PACKAGES}")
    url = f"http://127.0.0.1:{free_port()}"
    _lay_out(folder, url)
    user = ["--user=root"] if os.geteuid() == 0 else []
    await _done("mariadb-install-db", *user, f"--datadir={folder}/db", "--skip-test-db", "--no-defaults")
    database = [*user, f"--datadir={folder}/db", f"--socket={folder}/db.sock", f"--pid-file={folder}/db.pid"]
    quick = ["--skip-networking", "--skip-grant-tables", "--innodb-flush-log-at-trx-commit=2"]
    async with (
        _running("mariadbd", "--no-defaults", *database, *quick),
        httpx.AsyncClient(timeout=30, trust_env=False) as api,
    ):
        await _answering(folder)
        await _done("mariadb", f"--socket={folder}/db.sock", "-e", "CREATE DATABASE wp CHARACTER SET utf8mb4")
        site = WordPressSite(url=url, folder=folder, api=api)
        password = await site.run(_INSTALL, before="define('WP_INSTALLING', true);")
        api.auth = httpx.BasicAuth("admin", password.splitlines()[-1])
        command = ["php", "-S", url.removeprefix("http://"), "-t", f"{folder}/site", f"{folder}/router.php"]
        async with started(command, f"{url}/", env={"PHP_CLI_SERVER_WORKERS": "2"}):
            yield site


def _lay_out(folder: Path, url: str) -> None:
    """A copy of WordPress's programs with a configuration of its own."""
    shutil.copytree(
        _SOURCE, folder / "site", symlinks=True, ignore=shutil.ignore_patterns("wp-content", "wp-config.php")
    )
    shutil.copytree(_CONTENT, folder / "site" / "wp-content", symlinks=True)
    plugins = folder / "site" / "wp-content" / "mu-plugins"
    plugins.mkdir()
    (plugins / "closing.php").write_text(_CLOSING)
    secrets = "\n".join(f"define('{name}', sha1('{name}'));" for name in _SECRETS.split())
    config = _CONFIG.format(folder=folder, url=url, secrets=secrets)
    (folder / "site" / "wp-config.php").write_text(config)
    (folder / "router.php").write_text(_ROUTER.replace("{folder}", str(folder)))


@asynccontextmanager
async def _running(*command: str) -> AsyncIterator[None]:
    """A process without an address of its own, ended with the block."""
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 20)


async def _answering(folder: Path) -> None:
    for _ in range(300):
        try:
            await _done("mariadb", f"--socket={folder}/db.sock", "-e", "SELECT 1")
        except AssertionError:
            await asyncio.sleep(0.1)
        else:
            return
    raise AssertionError("MariaDB did not answer within 30 seconds")


async def _done(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    out, _ = await process.communicate()
    assert process.returncode == 0, f"{command[0]}: {out[-2_000:]!r}"
