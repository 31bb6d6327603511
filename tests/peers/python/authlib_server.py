"""Authlib's authorization server with its device grant, set up for one television.

Prints one line of JSON once it answers: {"issuer": "...", "device_authorization_endpoint": "...", "token_endpoint": "..."}.
Who approves posts to /approve/{user_code}, who denies to /deny/{user_code}. Ends with its standard input.
"""

import json
import os
import threading
import time

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_oauth2 import AuthorizationServer  # noqa: E402
from authlib.oauth2.rfc6749 import ClientMixin  # noqa: E402
from authlib.oauth2.rfc8628 import (  # noqa: E402
    DEVICE_CODE_GRANT_TYPE,
    DeviceAuthorizationEndpoint,
    DeviceCodeGrant,
    DeviceCredentialDict,
)
from flask import Flask  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

credentials = {}
decisions = {}


class Television(ClientMixin):
    def __init__(self, client_id):
        self.client_id = client_id

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return scope or ""

    def check_redirect_uri(self, redirect_uri):
        return False

    def check_client_secret(self, client_secret):
        return False

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "none"

    def check_response_type(self, response_type):
        return False

    def check_grant_type(self, grant_type):
        return grant_type == DEVICE_CODE_GRANT_TYPE


clients = {client_id: Television(client_id) for client_id in ("tv", "box")}


class Codes(DeviceAuthorizationEndpoint):
    CLIENT_AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]

    def get_verification_uri(self):
        return f"{base}/device"

    def save_device_credential(self, client_id, scope, data):
        lasts_until = int(time.time()) + data["expires_in"]
        credentials[data["device_code"]] = DeviceCredentialDict(
            client_id=client_id, scope=scope, expires_at=lasts_until, **data
        )


class Grant(DeviceCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]
    last_polls = {}

    def query_device_credential(self, device_code):
        return credentials.get(device_code)

    def query_user_grant(self, user_code):
        return decisions.get(user_code)

    def should_slow_down(self, credential):
        code = credential.get_user_code()
        before, self.last_polls[code] = self.last_polls.get(code), time.monotonic()
        too_fast = before is not None and self.last_polls[code] - before < credential["interval"] - 0.2
        if too_fast:
            credential["interval"] += 5
        return too_fast


app = Flask(__name__)


def save_token(token, request):
    """Keeps nothing, and lets no device code be redeemed twice: the library leaves that to whoever integrates it."""
    credentials.pop(request.form["device_code"])


server = AuthorizationServer(app, query_client=clients.get, save_token=save_token)
server.register_endpoint(Codes)
server.register_grant(Grant)


@app.post("/device_authorization")
def device_authorization():
    return server.create_endpoint_response(Codes.ENDPOINT_NAME)


@app.post("/token")
def token():
    return server.create_token_response()


@app.post("/approve/<user_code>")
def approve(user_code):
    decisions[user_code] = ("jane", True)
    return ""


@app.post("/deny/<user_code>")
def deny(user_code):
    decisions[user_code] = ("jane", False)
    return ""


web = make_server("127.0.0.1", 0, app, threaded=True)
base = f"http://127.0.0.1:{web.server_port}"
threading.Thread(target=web.serve_forever, daemon=True).start()
places = {
    "issuer": base,
    "device_authorization_endpoint": f"{base}/device_authorization",
    "token_endpoint": f"{base}/token",
}
print(json.dumps(places), flush=True)
try:
    while os.read(0, 1024):
        pass
except OSError:
    pass
