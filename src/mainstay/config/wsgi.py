"""Entry for the web server."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")

# A proxy on this machine says who asks and whether over HTTPS; nobody else is believed.
application = wrap_wsgi_with_proxy_headers(get_wsgi_application(), trusted_hosts=["127.0.0.1", "::1"])

# What the first request would load, before there is one; and what is loaded by now stays: collections need not walk
# it again each time, which stops all requests of the process for longer than most requests take.
import_module("mainstay.config.urls")
gc.collect()
gc.freeze()
