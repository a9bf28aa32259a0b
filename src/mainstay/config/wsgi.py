"""Entry for the web server."""

import os

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from mainstay.config.warm import load_and_settle
from mainstay.kit.collector import collector_at_rest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")

# A proxy on this machine says who asks and whether over HTTPS; nobody else is believed.
with collector_at_rest():
    application = wrap_wsgi_with_proxy_headers(get_wsgi_application(), trusted_hosts=["127.0.0.1", "::1"])
    load_and_settle()
