"""The pages of posts by mail: that a letter was sent, one button for one act, and that it is done."""

from feedhub.views.messages import speaker
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered


def asked_page(site: Site) -> str:
    """What to do next. The same whoever asks: nobody learns here which addresses are known."""
    say = speaker(site.language)
    return rendered("connected.html", site, title=say("mail_asked"), text=say("mail_asked_text"), detail=None)


def mail_act_page(site: Site, act: str, *, what: str) -> str:
    """What will happen, and one button: mail programs open links by themselves."""
    say = speaker(site.language)
    words = {
        "title": say(f"mail_{act}_title"),
        "lead": say(f"mail_{act}_ask", what=what),
        "button": say(f"mail_{act}_button"),
        "hint": say(f"mail_{act}_note"),
    }
    return rendered("stop.html", site, words=words)


def mail_done_page(site: Site, act: str, *, what: str) -> str:
    """It is done."""
    say = speaker(site.language)
    title, text = say(f"mail_{act}_done"), say(f"mail_{act}_done_text", what=what)
    return rendered("connected.html", site, title=title, text=text, detail=None)
