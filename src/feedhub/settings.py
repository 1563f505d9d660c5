"""Settings, read once at the doors (cli and web.app) and passed on as values."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from feedhub.errors import SettingRefused
from feedhub.posts.acts import ActName


class Settings(BaseSettings):
    """Every setting: its name, type, default and reason. Environment or `.env`, prefix FEEDHUB_."""

    model_config = SettingsConfigDict(env_prefix="FEEDHUB_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        "sqlite:///feedhub.sqlite",
        description="Where posts are kept: `sqlite:///path` or `postgresql://…`; the driver is FeedHub's own choice.",
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="The address under which readers reach this FeedHub; every link in every output begins with it, whatever the Host header says.",
    )
    secret_key: SecretStr | None = Field(
        None, description="Signs cursors and encrypts credentials; unset, it is made once and kept in the database."
    )
    credentials_key: SecretStr | None = Field(
        None,
        description="Seals the platforms' credentials; several, comma-separated, are tried in turn and the first one seals. Unset, the secret key does.",
    )
    credentials_key_file: str = Field(
        "", description="A file with such keys, one a line; it goes before FEEDHUB_CREDENTIALS_KEY."
    )
    contact: str = Field(
        "", description="A mail or web address for administrators of the sites we read; it stands in the User-Agent."
    )
    fetch_allow: str = Field(
        "",
        description="Networks (CIDR, comma-separated) that may be fetched although they are private, on any port and without politeness.",
    )
    tell_allow: str = Field(
        "",
        description="Networks (CIDR, comma-separated) where subscribers may be told although they are private, on any port. Anybody may subscribe.",
    )
    fetch_detours: str = Field(
        "",
        description="Origins that are asked elsewhere, comma-separated (`https://t.me=https://mirror.example`): gateways, mirrors and stand-ins.",
    )
    fetch_timeout: float = Field(30.0, gt=0, le=3_600, description="Seconds for one whole fetch, redirects included.")
    fetch_max_bytes: int = Field(
        16 * 1024 * 1024, gt=0, description="Bytes that one document may have after decompression; half of it before."
    )
    host_concurrency: int = Field(2, ge=1, description="Fetches at once from one host.")
    host_spacing: float = Field(1.0, ge=0, le=3_600, description="Seconds between two fetches from one host.")
    sync_concurrency: int = Field(16, ge=1, description="Visits at once in one process.")
    min_interval: float = Field(
        300.0, gt=0, le=31_536_000, description="Seconds: no account is visited more often by itself."
    )
    max_interval: float = Field(
        21600.0, gt=0, le=31_536_000, description="Seconds: no account is visited less often, however quiet or broken."
    )
    payloads_keep: float = Field(
        400.0,
        gt=0,
        le=36_500,
        description="Days that superseded payloads are kept; the newest of each post stays for ever.",
    )
    pictures: Literal["copies", "links", "none"] = Field(
        "copies",
        description="Whence visitors' browsers get pictures: `copies` of our own, `links` to the platforms, `none` at all.",
    )
    pictures_store: str = Field(
        "",
        description="Where our copies are kept: a folder or an fsspec address (`s3://bucket/pictures`); empty = `feedhub-pictures` beside the database's file.",
    )
    smtp_url: str = Field(
        "",
        description="The mail server for letters to departments' contacts, `smtp://user:password@host:587` or `smtps://…`; empty = no letters.",
    )
    mail_from: str = Field("", description="The mail address that those letters come from.")
    alert_departments: str = Field(
        "",
        description="Slugs of the departments, comma-separated, whose emergencies are mailed to subscribers at once; empty = nobody's.",
    )
    four_eyes: str = Field(
        "",
        description="Acts of the desk that two people must want, comma-separated, of `withdraw correct reinstate erase stop lift`; empty = none.",
    )
    fediverse: Literal["on", "off"] = Field(
        "on",
        description="Whether the city and each department can be followed from Mastodon and the rest of the fediverse.",
    )
    trusted_proxies: str = Field("", description="Networks (CIDR, comma-separated) whose X-Forwarded-For is believed.")
    limit_anonymous: str = Field(
        "6000/minute",
        description="Units that one address may take without a key: a kept answer is 1, one that must be made 10, a search 100.",
    )
    limit_keyed: str = Field("60000/minute", description="The same for one key of the scope `read`.")
    limit_private: Literal["on", "off"] = Field(
        "off",
        description="Whether this machine and private networks are limited too, where no trusted proxy names who asks.",
    )
    limits_store: str = Field(
        "memory://",
        description="Where it is counted: `memory://` in each process, or a store that they share, as the `limits` library names it (`redis://host:6379`).",
    )
    log_format: Literal["json", "console"] = Field("console", description="How log lines look: `json` or `console`.")


def credential_keys(settings: Settings) -> tuple[bytes, ...]:
    """The keys that seal credentials, the newest first; none = the installation's own signing key.

    Raises:
        SettingRefused: the file of keys can't be read or is empty.
    """
    keys: list[str] = []
    if settings.credentials_key_file:
        try:
            keys += Path(settings.credentials_key_file).read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError):
            raise SettingRefused("FEEDHUB_CREDENTIALS_KEY_FILE can't be read; name a text file of keys.") from None
        if not keys:
            raise SettingRefused("FEEDHUB_CREDENTIALS_KEY_FILE holds no key; write one a line.")
    if settings.credentials_key is not None:
        keys += [key for part in settings.credentials_key.get_secret_value().split(",") if (key := part.strip())]
    if not keys and settings.secret_key is not None:
        keys = [settings.secret_key.get_secret_value()]
    return tuple(key.encode() for key in keys)


def named_in(text: str) -> tuple[str, ...]:
    """The names in a setting that lists some.

    >>> named_in("bpbd, dinkes,")
    ('bpbd', 'dinkes')
    """
    return tuple(name for part in text.split(",") if (name := part.strip()))


def four_eyes(settings: Settings) -> frozenset[ActName]:
    """The acts that become proposals.

    Raises:
        SettingRefused: one of the names is no act.
    """
    try:
        return frozenset(ActName(name) for name in named_in(settings.four_eyes))
    except ValueError:
        raise SettingRefused(f"FEEDHUB_FOUR_EYES can name {', '.join(ActName)}, and nothing else.") from None


def pictures_store(settings: Settings) -> str:
    """Where copies of pictures are kept."""
    name, file = "feedhub-pictures", settings.database_url.removeprefix("sqlite:///")
    return settings.pictures_store or (str(Path(file).parent / name) if file != settings.database_url else name)


def fetch_detours(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Origins and where they are asked instead.

    Raises:
        SettingRefused: they are no pairs of origins.
    """
    pairs = [part.strip().partition("=") for part in settings.fetch_detours.split(",") if part.strip()]
    if any(not (origin.startswith("http") and leads_to.startswith("http")) for origin, _, leads_to in pairs):
        raise SettingRefused(
            "FEEDHUB_FETCH_DETOURS must be pairs of origins such as https://t.me=http://127.0.0.1:9000."
        )
    return tuple((origin.rstrip("/"), leads_to.rstrip("/")) for origin, _, leads_to in pairs)
