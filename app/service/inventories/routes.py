"""All routes of inventories, in the order of the document."""

from app.service.inventories import (
    endpoints,
    part_endpoints,
    reference_endpoints,
    row_endpoints,
    table_endpoints,
)

ROUTERS = [
    endpoints.router,
    part_endpoints.router,
    row_endpoints.router,
    table_endpoints.router,
    reference_endpoints.router,
]
