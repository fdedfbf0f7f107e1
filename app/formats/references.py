"""Coordinate reference systems, and places in WGS 84: of a point its own, of anything more a point inside."""

from __future__ import annotations

import importlib
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from app.formats.cells import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

#: Degrees (about 0.1 m) by which a point may differ from another and still be the same.
SAME = 1e-6
#: Digits of a degree that is reckoned (about 1 cm); a degree that is given keeps its own.
_DIGITS = 7
_WGS84 = 4326
_CRS84 = re.compile(r"(?:urn:ogc:def:crs:OGC:[^:]*:|OGC:)CRS84h?|WGS ?84", re.IGNORECASE)
_EPSG = re.compile(r"(?:urn:ogc:def:crs:EPSG:[^:]*:|https?://\S+/EPSG/[^/]*/|EPSG:+)(\d{1,9})", re.IGNORECASE)


class MissingLibraryError(Exception):
    """A library of the extra ``geo`` is needed and not there; its one argument is the library's name."""


class GeometryError(Exception):
    """A geometry that has no place.

    Parameters
    ----------
    why
        Key of `_WHY`.
    detail
        What GEOS says, in English.
    """

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why, self.detail = why, detail

    def reasons(self) -> dict[str, str]:
        """Return the reason in English and Vietnamese, as words of an issue."""
        tail = f" ({self.detail})" if self.detail else ""
        english, vietnamese = _WHY[self.why]
        return {"reason": english + tail, "reason_vi": vietnamese + tail}


_WHY = {
    "breaks_off": ("it breaks off", "dữ liệu bị cắt cụt"),
    "deep": ("its coordinates are nested too deeply", "tọa độ lồng nhau quá sâu"),
    "extension": ("it is of an extension of GeoPackage", "thuộc phần mở rộng của GeoPackage"),
    "invalid": ("its shape is not valid", "hình không hợp lệ"),
    "not_finite": ("its coordinates are no finite numbers", "tọa độ không phải là số hữu hạn"),
    "not_geojson": ("it is no geometry of GeoJSON", "không phải hình học của GeoJSON"),
    "not_geopackage": ("it is no geometry of GeoPackage", "không phải hình học của GeoPackage"),
    "not_number": ("its coordinates are no numbers", "tọa độ không phải là số"),
    "not_object": ("it is no object", "không phải là một đối tượng"),
    "outside": (
        "it lies outside the area of its coordinate reference system",
        "nằm ngoài phạm vi của hệ tọa độ",
    ),
    "short": ("a point has two coordinates", "một điểm phải có hai tọa độ"),
    "type": ("its type is none of GeoJSON", "kiểu hình học không thuộc GeoJSON"),
}


class UnknownReferenceError(Exception):
    """A coordinate reference system that is not known; its one argument is what was given."""


def library(name: str) -> Any:  # noqa: ANN401  # a module
    """Import a library of the extra ``geo``.

    Raises
    ------
    MissingLibraryError
        When it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingLibraryError(name) from error


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row is.

    Attributes
    ----------
    lon, lat
        Decimal degrees in WGS 84, as text.
    holds
        Whether another longitude and latitude are the same place: the same point, or one inside the area.
    """

    lon: str
    lat: str
    holds: Callable[[float, float], bool]


class Reference:
    """A coordinate reference system, x before y; WGS 84 where none is named.

    Parameters
    ----------
    name
        ``EPSG:3405``, an OGC name of such a code, or WKT.

    Raises
    ------
    UnknownReferenceError
        When nobody knows it.
    MissingLibraryError
        When it is not WGS 84, and pyproj is not installed.
    """

    def __init__(self, name: str = "CRS84") -> None:
        self._transform: Any = None
        if not isinstance(text_of(name), str):  # of no length and of no characters that a name has
            raise UnknownReferenceError(ascii(name[:60]))
        code = _EPSG.fullmatch(name.strip())
        if _CRS84.fullmatch(name.strip()) or name == "CRS84" or (code and int(code[1]) == _WGS84):
            return
        pyproj = library("pyproj")
        try:
            crs = pyproj.CRS.from_epsg(int(code[1])) if code else pyproj.CRS.from_wkt(name)
            self._transform = pyproj.Transformer.from_crs(crs, _WGS84, always_xy=True).transform
        except pyproj.exceptions.ProjError as error:
            raise UnknownReferenceError(name[:60]) from error

    def point(self, x: object, y: object) -> Place:
        """Return the place of a point.

        Raises
        ------
        GeometryError
            When the numbers are none, or lie nowhere.
        """
        lon, lat = finite(x), finite(y)
        texts = [x, y]
        if self._transform is not None:
            lon, lat = self._transform(lon, lat)
            if not (math.isfinite(lon) and math.isfinite(lat)):
                raise GeometryError("outside")
            texts = [round(lon, _DIGITS), round(lat, _DIGITS)]
        return Place(
            _degrees(texts[0]),
            _degrees(texts[1]),
            lambda other, north: abs(other - lon) <= SAME and abs(north - lat) <= SAME,
        )

    def inside(self, shape: Any) -> Place | None:  # noqa: ANN401  # shapely has no types
        """Return a place inside of a geometry of shapely; None for an empty one.

        Raises
        ------
        GeometryError
            When it is not valid, or lies nowhere.
        """
        shapely = library("shapely")
        try:
            with np.errstate(invalid="ignore"):
                return self._inside(shape, shapely)
        except shapely.errors.ShapelyError as error:  # curves, for one, are not supported everywhere
            raise GeometryError("invalid", type(error).__name__) from error

    def _inside(self, shape: Any, shapely: Any) -> Place | None:  # noqa: ANN401  # shapely has no types
        if shape.is_empty:
            return None
        if not shapely.is_valid(shape):
            raise GeometryError("invalid", str(shapely.is_valid_reason(shape)))
        if self._transform is not None:
            shape = shapely.transform(shape, self._moved)
        if not all(map(math.isfinite, shape.bounds)):
            raise GeometryError("outside")
        point = shape.representative_point()
        return Place(
            _degrees(round(point.x, _DIGITS)),
            _degrees(round(point.y, _DIGITS)),
            lambda lon, lat: bool(shape.distance(shapely.Point(lon, lat)) <= SAME),
        )

    def _moved(self, points: Any) -> Any:  # noqa: ANN401  # arrays of numpy
        return np.column_stack(self._transform(points[:, 0], points[:, 1]))


def finite(value: object) -> float:
    """Return a coordinate as a number.

    Raises
    ------
    GeometryError
        When it is none.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise GeometryError("not_number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise GeometryError("not_finite")
    return number


def _degrees(value: object) -> str:
    text = text_of(value)
    if not isinstance(text, str):
        raise GeometryError("not_number")
    return text
