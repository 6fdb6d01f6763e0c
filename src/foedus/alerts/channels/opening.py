"""The channels that the settings name, opened with their secrets."""

from __future__ import annotations

from foedus.alerts.channels import Way
from foedus.alerts.channels.mail import MailWay
from foedus.alerts.channels.web import MatrixWay, SmsWay, WebhookWay
from foedus.alerts.settings import Configured


def open_ways(configured: Configured) -> dict[str, Way]:
    """By kind of channel. Raises Malformed or Refused when a secret cannot be read."""
    settings, secret = configured.settings, configured.secret
    ways: dict[str, Way] = {}
    if settings.mail is not None:
        mail = settings.mail
        ways["mail"] = MailWay(mail, secret(mail.password_file) if mail.password_file else None)
    if settings.webhook is not None:
        ways["webhook"] = WebhookWay(settings.webhook, secret(settings.webhook.secret_file))
    if settings.matrix is not None:
        ways["matrix"] = MatrixWay(settings.matrix, secret(settings.matrix.token_file))
    if settings.sms is not None:
        ways["sms"] = SmsWay(settings.sms, secret(settings.sms.token_file) if settings.sms.token_file else None)
    if settings.apprise is not None:
        from foedus.alerts.channels.apprise import AppriseWay

        ways["apprise"] = AppriseWay(settings.apprise)
    return ways
