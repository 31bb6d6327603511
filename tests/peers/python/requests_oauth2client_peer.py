"""`requests_oauth2client`, as its documentation shows it, signs in by the device grant.

It exits with 0 once it is signed in.
"""

import sys

from requests_oauth2client import DeviceAuthorizationPoolingJob, OAuth2Client

issuer, client_id, device_endpoint, token_endpoint = sys.argv[1:]
# Its own discovery insists on https, so the endpoints are given.
client = OAuth2Client(
    token_endpoint=token_endpoint,
    device_authorization_endpoint=device_endpoint,
    client_id=client_id,
    issuer=issuer,
    testing=True,
)
started = client.authorize_device(scope="openid")
print(started.verification_uri, started.user_code, sep="\n", flush=True)
job = DeviceAuthorizationPoolingJob(client, started)
token = None
while token is None:
    token = job()
print("signed in")
