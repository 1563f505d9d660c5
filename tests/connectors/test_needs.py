"""What an account needs is the same for who recognises it and for who asks it."""

from feedhub.accounts.credential import Need
from feedhub.accounts.recognition import NEEDS
from feedhub.connectors import CONNECTORS


def test_connectors_need_what_is_said_here():
    for platform, connector in CONNECTORS.items():
        said = NEEDS.get(platform, Need.NONE)
        assert connector.need is said, f"{platform}: {connector.need} in its connector, {said} in recognition.py"
