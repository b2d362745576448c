"""What the demonstration's cases are about, which ways they go, and which stand near or past their limits."""

from services.choices_cases import CaseKind

K = CaseKind
#: The code on every slip of the demonstration.
CODE = "20131124"

TITLES = {
    K.ROAD: ("进屯路雨后泥泞，车过不去", "路灯坏了三盏，夜里看不清", "桥栏杆断了，学生过桥危险", "晒场边路肩塌了一段"),
    K.WATER: ("自来水时断时续", "水渠淤塞，晚稻灌不上水", "电压低，打谷机转不动", "水池漏水，要修"),
    K.LAND: ("两家宅基地界线有争议", "林地界桩被挪动", "征地补偿面积对不上", "承包地转出去没有合同"),
    K.DISPUTE: ("邻居排水往我家墙根流", "鱼塘承包款分摊有争议", "摩托车相撞赔偿谈不拢", "坟山界线两族争执"),
    K.WELFARE: ("低保名单想看公示", "五保户房屋漏雨", "新农合报销没到账", "危房改造补助没发齐"),
    K.CLEAN: ("垃圾池满了没人清", "养猪场污水流进水沟", "公厕没人打扫", "河边倾倒建筑垃圾"),
    K.CONDUCT: ("办证跑了三趟没办成", "值班室上午没人", "村务公开栏两个月没换", "开会不通知我们坡"),
    K.OTHER: ("想开农技培训班", "广播喇叭坏了", "班车不进村口", "文化室锁着进不去"),
}
FINDINGS = (
    "到现场看过，情况属实，影响附近二十多户。",
    "问了三户邻居，情况基本属实，双方愿意商量。",
    "查了台账和公示，手续在办，群众不知道进度。",
    "现场量过，需资金约三千元，村里可先垫付材料。",
)
ANSWERS = {
    K.ROAD: ("已组织投工投劳铺石粉40米，雨天可通车。", "路灯已换新，电费由村集体承担。"),
    K.WATER: ("水管接头已更换，早晚各供水两小时。", "水渠已清淤，晚稻按轮次放水。"),
    K.LAND: ("经现场丈量，双方按原界线签字确认。", "已按承包合同复核面积，差额补记入册。"),
    K.DISPUTE: ("经调解签订协议，改道排水，互不追究。", "双方达成协议，分两次付清。"),
    K.WELFARE: ("名单和标准已在公开栏张贴，逐户说明。", "补助手续已补齐，月底随批发放。"),
    K.CLEAN: ("已安排保洁员每周清运两次。", "养殖户已建沉淀池，污水不再外排。"),
    K.CONDUCT: ("当事人已当面道歉，今后由村里代办。", "值班表已上墙，缺岗按制度扣分。"),
    K.OTHER: ("已报镇里安排，下月开班。", "已请人修好，钥匙由屯长保管，每天开放。"),
}
REASONS = {
    "to_township": ("涉及两个村，村里协调不了", "需镇里拨付资金", "需镇国土所现场丈量"),
    "to_district": ("属城区职能部门管理，镇里无权处理", "涉及项目资金，须城区核定"),
    "back_to_village": ("属村民自治事项，先由村里调解", "材料不齐，村里补齐后再报"),
    "back_to_township": ("权限已下放到镇，由镇国土所办理",),
    "unsatisfied": ("路只修了一半", "等得太久，结果和原来一样"),
    "unreached": ("外出务工，三次电话未接",),
    "reopen": ("反映人不满意，镇里重新核实",),
    "close": ("已办到政策允许的程度，向本人说明",),
}

_HEARD = ("inspect", "take_up")
_VILLAGE = (*_HEARD, "solve_village", "answer")
_TOWNSHIP = (*_HEARD, "to_township", "solve_township", "answer")
_DISTRICT = (*_HEARD, "to_township", "to_district", "solve_district", "answer")
#: How cases go; the frequent ways stand more than once.
WAYS = (
    *[(*_VILLAGE, "satisfied")] * 13,
    *[(*_TOWNSHIP, "satisfied")] * 4,
    (*_DISTRICT, "satisfied"),
    (*_VILLAGE, "unreached"),
    (*_HEARD, "to_township", "back_to_village", "solve_village", "answer", "satisfied"),
    (*_HEARD, "to_township", "to_district", "back_to_township", "solve_township", "answer", "satisfied"),
    (*_VILLAGE, "unsatisfied", "reopen", "solve_township", "answer", "satisfied"),
    (*_VILLAGE, "unsatisfied", "close"),
)
#: Open cases: the steps taken, and the working days to the limit of the last (negative: past it).
STANDING = (
    ((), 1),
    (_HEARD, -2),
    (_VILLAGE, 4),
    ((*_HEARD, "to_township"), 1),
    ((*_HEARD, "to_township"), -4),
    ((*_HEARD, "to_township", "to_district"), 2),
    ((*_HEARD, "to_township", "to_district"), -6),
    ((*_VILLAGE, "unsatisfied"), 2),
    (_VILLAGE[:3], -1),
    ((), -5),
    (_HEARD, 3),
    ((), 2),
    (("inspect",), 1),
    ((*_VILLAGE, "unsatisfied", "reopen"), 5),
    ((*_HEARD, "to_township", "back_to_village"), 1),
)
