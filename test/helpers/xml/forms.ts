/**
 * Sample files in the shape of those that Vietnam's authorities take, written from their documented structure; all data is
 * invented.
 * @module
 */

/** Decree 123/2020 and Decision 1450/QĐ-TCT: an e-invoice, with places for all signatures. */
export const INVOICE = `<?xml version="1.0" encoding="UTF-8"?>
<HDon><DLHDon Id="HD-C26TAA-12"><TTChung><PBan>2.1.0</PBan><THDon>Hóa đơn giá trị gia tăng</THDon><KHMSHDon>1</KHMSHDon><KHHDon>C26TAA</KHHDon><SHDon>12</SHDon><NLap>2026-11-22</NLap><DVTTe>VND</DVTTe><TGia>1</TGia></TTChung><NDHDon><NBan><Ten>Công ty A &amp; B</Ten><MST>0100000000</MST></NBan><NMua><Ten>Sở Y tế</Ten></NMua><TToan><TgTTTBSo>1100000</TgTTTBSo></TToan></NDHDon></DLHDon><MCCQT Id="MCCQT-12">00A1B2C3</MCCQT><DSCKS><NBan></NBan><NMua/><CQT /></DSCKS></HDon>`

/** A tax declaration of eTax. */
export const DECLARATION = `<?xml version="1.0" encoding="UTF-8"?>\r
<HSoThueDTu xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\r
  <HSoKhaiThue id="_NODE_TO_SIGN">\r
    <TTinChung><TTinDVu><maDVu>HTKK</maDVu><pbanDVu>5.3.1</pbanDVu></TTinDVu></TTinChung>\r
    <CTieuTKhaiChinh><ct21 xsi:nil="true"/></CTieuTKhaiChinh>\r
  </HSoKhaiThue>\r
  <CKyDTu/>\r
</HSoThueDTu>\r
`

/** A file of health insurance (Decisions 130 and 3176/QĐ-BYT). */
export const INSURANCE = `<?xml version="1.0" encoding="utf-8"?><GIAMDINHHS xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><THONGTINDONVI><MACSKCB>01001</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20261122</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO><HOSO><FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>PGE+xJE8L2E+</NOIDUNGFILE></FILEHOSO></HOSO></DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI /></GIAMDINHHS>`

/** An application with prefixes, attributes of xml:, comments, CDATA and a line end of each kind. */
export const APPLICATION = `\ufeff<?xml version="1.0" encoding="UTF-8"?>
<!-- trước --><d:đơn xmlns:d="urn:trien:don" xmlns="urn:trien:mac-dinh" xmlns:x="urn:x" xml:lang="vi">\r
  <mục số="12" x:loại="a&#xD;b" Id="muc-1">Cấp lại giấy phép &amp; con dấu 😀<![CDATA[<a>&]]></mục>
  <chữký/><!-- giữa -->
</d:đơn>
<?sau đơn?>
`
