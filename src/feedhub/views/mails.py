"""Letters to citizens: a subject, a text and the same as HTML. Pure; who sends them adds addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post
from feedhub.posts.text import one_line
from feedhub.views.channel import shown_content, shown_title, text_with_notice
from feedhub.views.messages import LANGUAGES, language_of_pages, speaker
from feedhub.views.page_cards import shortened
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import shown_time

_LONGEST_SUBJECT = 120
_LONGEST_SUMMARY = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What is sent, but for the addresses."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMail:
    """A post in a letter."""

    title: str
    department: str
    time: str
    summary: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPlace:
    """Whose letter it is: the publisher, our address, the reader's language, and the link that ends such letters."""

    publisher: Publisher
    public_url: str
    language: str
    stop_url: str

    @property
    def site(self) -> Site:
        """The same as pages know it; the publisher's language where the reader's is none of ours."""
        asked = self.language if self.language in LANGUAGES else None
        return Site(publisher=self.publisher, public_url=self.public_url, asked_in=asked, here="")


def confirm_mail(place: MailPlace, *, what: str, confirm_url: str) -> Mail:
    """Whether the owner of the address really wants this."""
    say = speaker(place.site.language)
    subject = say("mail_confirm_subject", publisher=place.publisher.name)
    lead = say("mail_confirm_lead", publisher=place.publisher.name, what=what)
    return _mail(
        place, subject, lead=lead, button=(say("mail_confirm_go"), confirm_url), hint=say("mail_confirm_hint"), shown=()
    )


def alert_mail(place: MailPlace, kept: KeptPost) -> Mail:
    """A post that can't wait. A post that may not be shown any more is told of by `end_mail`.

    Raises:
        ValueError: the post is not live.
    """
    post = shown_content(kept)
    if post is None:
        raise ValueError(f"The post {kept.id} has no content to send.")
    say = speaker(place.site.language)
    key = "mail_alert_corrected" if kept.notice else "mail_alert_subject"
    subject = say(key, department=kept.department.short_name or kept.department.name, title=shown_title(kept, post))
    text = text_with_notice(kept, post, place.publisher)
    return _mail(place, subject, lead=text, shown=[_shown(place, kept, post, summary="")])


def end_mail(place: MailPlace, kept: KeptPost) -> Mail:
    """What was told was taken back: who took it back and why, never what it said."""
    say = speaker(place.site.language)
    name = kept.department.short_name or kept.department.name
    reason = kept.notice.reason if kept.notice else say("gone_source")
    lead = say("mail_end_lead", department=kept.department.name, reason=reason)
    page = f"{place.public_url}/posts/{kept.id}"
    return _mail(
        place, say("mail_end_subject", department=name), lead=lead, button=(say("mail_end_go"), page), shown=()
    )


def digest_mail(place: MailPlace, kept: Sequence[KeptPost], *, weekly: bool, more: int, what: str) -> Mail:
    """What was new since the last one, newest first; `more` are left out for length."""
    say = speaker(place.site.language)
    key = "mail_weekly_subject" if weekly else "mail_daily_subject"
    shown = [_shown(place, one, post) for one in kept if (post := shown_content(one))]
    subject = say(key, what=what, n=len(shown) + more)
    button = (say("mail_more", n=more), place.site.url("/")) if more else None
    return _mail(place, subject, lead=say("mail_digest_lead", what=what), button=button, shown=shown)


def _mail(
    place: MailPlace,
    subject: str,
    *,
    lead: str,
    shown: Sequence[ShownMail],
    button: tuple[str, str] | None = None,
    hint: str = "",
) -> Mail:
    given = {
        "subject": shortened(one_line(subject), _LONGEST_SUBJECT),
        "paragraphs": [part for each in lead.split("\n") if (part := each.strip())],
        "shown": shown,
        "button": button,
        "hint": hint,
        "stop_url": place.stop_url,
    }
    text = rendered("mail.txt", place.site, **given)
    html = rendered("mail.html", place.site, **given)
    return Mail(subject=str(given["subject"]), text=text, html=html)


def _shown(place: MailPlace, kept: KeptPost, post: Post, *, summary: str | None = None) -> ShownMail:
    site = place.site
    return ShownMail(
        title=shown_title(kept, post),
        department=kept.department.name,
        time=shown_time(kept.published_at, site.zone, site.language).words,
        summary=shortened(one_line(post.summary or post.content_text), _LONGEST_SUMMARY)
        if summary is None
        else summary,
        url=f"{place.public_url}/posts/{kept.id}",
    )


def language_named(language: str, publisher: Publisher) -> str:
    """The language that letters are written in for a reader who asked for this one."""
    return language if language in LANGUAGES else language_of_pages(publisher.language)
