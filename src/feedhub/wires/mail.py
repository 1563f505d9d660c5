"""Sending letters by any SMTP server."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from feedhub.errors import SettingRefused
from feedhub.store.letters import Letter

_PORTS = {"smtp": 587, "smtps": 465}
_TIMEOUT = 20.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberMail:
    """A letter to a citizen who asked for it. `message` is the same at every attempt to send it."""

    to: str
    subject: str
    text: str
    html: str
    stop_url: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailer:
    """An SMTP server and who writes. `smtps` is TLS from the start; `smtp` changes to TLS where it is offered."""

    scheme: str
    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def send(self, letter: Letter, *, at: float) -> None:
        """Deliver one letter; blocks. `at` is seconds since 1970.

        Raises:
            OSError: the server can't be reached or refuses the letter (smtplib's errors are of that kind).
        """
        with self._connected() as server:
            if self.user is not None:
                server.login(self.user, self.password or "")
            server.send_message(_message(letter, self.sender, at=at), self.sender, list(letter.to))

    def send_to_subscriber(self, mail: SubscriberMail, *, at: float) -> None:
        """Deliver one letter to a citizen; blocks. Raises as `send` does."""
        with self._connected() as server:
            if self.user is not None:
                server.login(self.user, self.password or "")
            server.send_message(_subscriber_message(mail, self.sender, at=at), self.sender, [mail.to])

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif self.user is not None:
            server.close()
            raise OSError(f"{self.host} offers no TLS, so FeedHub does not send it the password.")
        return server


def mailer_of(url: str, sender: str) -> Mailer | None:
    """The mailer that the settings name; None where there is none.

    >>> mailer_of("smtp://desk:p%40ss@mail.example.go.id", "feedhub@example.go.id").port
    587

    Raises:
        SettingRefused: the address is none, or nobody is named as the sender.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SettingRefused("FEEDHUB_SMTP_URL must be written as smtp://user:password@host:587 or smtps://….")
    if "@" not in sender:
        raise SettingRefused("FEEDHUB_MAIL_FROM must name the sender's mail address where FEEDHUB_SMTP_URL is set.")
    return Mailer(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        sender=sender,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def mail_fault(error: OSError) -> str:
    """Why a letter was not taken, as it may be kept and logged: servers repeat the address in their words."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = ", ".join(str(code) for code, _ in error.recipients.values())
            return f"The mail server does not take letters to this address ({codes})."
        case smtplib.SMTPResponseException():
            return f"The mail server answered {error.smtp_code}."
        case _:
            return str(error) or type(error).__name__


def _message(letter: Letter, sender: str, *, at: float) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(letter.to), letter.subject
    message["Date"], message["Message-ID"] = formatdate(at), make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes, please
    message.set_content(letter.body)
    return message


def _subscriber_message(mail: SubscriberMail, sender: str, *, at: float) -> EmailMessage:
    message, domain = EmailMessage(), sender.rpartition("@")[2]
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"], message["Message-ID"] = formatdate(at), f"<{mail.message}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "list"
    # RFC 8058: a mail program's own button ends the subscription without opening a page.
    message["List-Unsubscribe"] = f"<{mail.stop_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
