"""A Python client of the service (docs/client.md); it knows the service by its addresses alone."""

from app.client.client import Client as Client
from app.client.errors import InvalidError as InvalidError
from app.client.errors import RefusedError as RefusedError
from app.client.errors import RunFailedError as RunFailedError
from app.client.errors import ServiceUnreachableError as ServiceUnreachableError
from app.client.errors import StaleError as StaleError
from app.client.errors import StrangeAnswerError as StrangeAnswerError
from app.client.errors import SurplanClientError as SurplanClientError
from app.client.errors import WaitTimeoutError as WaitTimeoutError
