"""Every table, by feature; importing this package makes them known to SQLAlchemy and alembic."""

from app.service.store.models.access import ApiKey as ApiKey
from app.service.store.models.access import AuditEntry as AuditEntry
from app.service.store.models.access import IdempotentAnswer as IdempotentAnswer
from app.service.store.models.blobs import Blob as Blob
from app.service.store.models.inventories import AssetRow as AssetRow
from app.service.store.models.inventories import Inventory as Inventory
from app.service.store.models.inventories import InventoryVersion as InventoryVersion
from app.service.store.models.inventories import NeedRow as NeedRow
from app.service.store.models.inventories import Part as Part
from app.service.store.models.inventories import SharedTable as SharedTable
from app.service.store.models.plans import Plan as Plan
from app.service.store.models.plans import PlanFile as PlanFile
from app.service.store.models.plans import ReleaseRow as ReleaseRow
from app.service.store.models.plans import ShortfallRow as ShortfallRow
from app.service.store.models.plans import TransferRow as TransferRow
from app.service.store.models.runs import Run as Run
from app.service.store.models.runs import RunEvent as RunEvent
from app.service.store.models.runs import Worker as Worker
from app.service.store.models.scenarios import Scenario as Scenario
