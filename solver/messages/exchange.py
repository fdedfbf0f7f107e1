"""Issues of JSON, GeoJSON and GeoPackage: their shape, layers and geometries."""

from __future__ import annotations

from solver.messages.entry import Entry

EXCHANGE_TEXTS: dict[str, Entry] = {
    "row_not_object": Entry(
        "error",
        "The record is {value}, and no object of columns and values; in GeoJSON: no Feature with properties.",
        "Write each row as an object: column, colon, value; in GeoJSON as a Feature.",
        "Bản ghi là {value}, không phải một đối tượng gồm cột và giá trị; với GeoJSON: không phải Feature có"
        " properties.",
        "Ghi mỗi dòng thành một đối tượng: cột, dấu hai chấm, giá trị; trong GeoJSON là một Feature.",
    ),
    "key_empty": Entry(
        "error",
        "A value of the row has no key, only an empty one.",
        "Write the heading of its column as the key, or remove it.",
        "Một giá trị của dòng có khóa để trống.",
        "Ghi tiêu đề cột làm khóa, hoặc xóa giá trị này.",
    ),
    "json_broken": Entry(
        "error",
        "{value} is not well-formed JSON: {reason}.",
        "Look at the place named, or write the file anew with the program that it comes from.",
        "{value} không phải là JSON đúng cấu trúc: {reason_vi}.",
        "Xem lại vị trí đã nêu, hoặc xuất lại tệp từ chương trình đã tạo ra nó.",
    ),
    "json_not_tables": Entry(
        "error",
        "The outermost value of {file} is {value}, and no object of tables.",
        "Write one object with the keys assets and needs, each a list of rows; others as they are needed.",
        "Giá trị ngoài cùng của {file} là {value}, không phải một đối tượng gồm các bảng.",
        "Ghi một đối tượng có các khóa assets và needs, mỗi khóa là một danh sách dòng; thêm bảng khác nếu"
        " cần.",
    ),
    "json_not_rows": Entry(
        "error",
        "The table {table} is {value}, and no list of rows.",
        "Write a list in square brackets, each row an object of columns and values.",
        "Bảng {table} là {value}, không phải một danh sách các dòng.",
        "Ghi một danh sách trong ngoặc vuông, mỗi dòng là một đối tượng gồm cột và giá trị.",
    ),
    "geojson_not_collection": Entry(
        "error",
        "{value} is no FeatureCollection of GeoJSON.",
        "Export the layer as GeoJSON (RFC 7946): an object of type FeatureCollection with its features.",
        "{value} không phải là một FeatureCollection của GeoJSON.",
        "Xuất lớp dạng GeoJSON (RFC 7946): đối tượng kiểu FeatureCollection có danh sách features.",
    ),
    "geopackage_broken": Entry(
        "error",
        "{value} cannot be read as a GeoPackage: {reason}.",
        "Export the layers into a new GeoPackage.",
        "Không đọc được {value} như một GeoPackage: {reason_vi}.",
        "Xuất các lớp sang một tệp GeoPackage mới.",
    ),
    "layer_unknown": Entry(
        "warning",
        "The layer “{value}” of {file} is no table that Surplan knows; it is left out.",
        "If it is one, name the layer after its table: assets, needs, communes ...",
        "Không nhận biết được lớp “{value}” của {file} là bảng nào nên bỏ qua.",
        "Nếu là bảng dữ liệu, đặt tên lớp theo bảng: Tài sản, Nhu cầu, Xã ...",
    ),
    "layer_reckoned": Entry(
        "error",
        "The layer “{value}” is a view, or has reckoned columns; these are not run.",
        "Export the layer into a new GeoPackage, which stores its values.",
        "Lớp “{value}” là khung nhìn (view) hoặc có cột tính toán; Surplan không chạy các phép tính này.",
        "Xuất lớp sang một tệp GeoPackage mới để lưu các giá trị.",
    ),
    "layer_without_crs": Entry(
        "error",
        "It is not said in which coordinate reference system the points of {value} are.",
        "Set the system of the layer (for VN-2000 that of its zone, such as EPSG:3405) and export it anew; "
        "best as WGS 84 (EPSG:4326).",
        "Không rõ tọa độ của {value} thuộc hệ quy chiếu nào.",
        "Khai báo hệ tọa độ của lớp (VN-2000: theo múi chiếu, như EPSG:3405) rồi xuất lại; tốt nhất là"
        " WGS 84 (EPSG:4326).",
    ),
    "crs_unknown": Entry(
        "error",
        "The coordinate reference system “{value}” is not known.",
        "Export the layer in WGS 84 (EPSG:4326).",
        "Không nhận biết được hệ tọa độ “{value}”.",
        "Xuất lớp theo WGS 84 (EPSG:4326).",
    ),
    "geometry_wrong": Entry(
        "error",
        "The geometry gives no place: {reason}.",
        "Correct it in a map program, or leave it out and fill in the commune, or lat and lon.",
        "Không xác định được vị trí từ hình học: {reason_vi}.",
        "Sửa lại trong phần mềm bản đồ, hoặc bỏ hình học và điền xã, hoặc lat và lon.",
    ),
    "geometry_unused": Entry(
        "warning",
        "The table {table} has no columns for points; the geometries of {value} rows are left out.",
        "Nothing needs to be done, unless the table is another one.",
        "Bảng {table} không có cột tọa độ nên bỏ qua hình học của {value} dòng.",
        "Không cần làm gì, trừ khi đây là bảng khác.",
    ),
    "point_differs": Entry(
        "error",
        "The columns say {value}, the geometry {geometry} (latitude, longitude).",
        "Correct one of them, or remove the columns lat and lon.",
        "Các cột ghi {value}, còn hình học ghi {geometry} (vĩ độ, kinh độ).",
        "Sửa một trong hai, hoặc bỏ các cột lat và lon.",
    ),
    "geo_missing": Entry(
        "error",
        "{value} needs a library that is not installed: {library}.",
        "Install it: pip install surplan[geo]; or export points in WGS 84, or the table as CSV.",
        "{value} cần một thư viện chưa được cài đặt: {library}.",
        "Cài đặt: pip install surplan[geo]; hoặc xuất tọa độ điểm theo WGS 84, hoặc xuất bảng dạng CSV.",
    ),
}
