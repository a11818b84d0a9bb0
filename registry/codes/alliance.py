"""Coded values about the alliance: its centres and the roles people have in them."""

from registry.codes.code_set import CodeSet


class CentreKind(CodeSet, source="The registry; 医疗机构管理条例实施细则"):
    """The administrative level a hospital belongs to."""

    CITY = "city", "市级医院", "City hospital", ("市级", "市")
    COUNTY = "county", "县（区）级医院", "County hospital", ("县级医院", "区级医院", "县级", "县")
    TOWNSHIP = (
        "township",
        "乡镇（社区）医院",
        "Township hospital",
        ("乡镇卫生院", "社区卫生服务中心", "乡镇", "镇"),
    )
    PRIVATE = "private", "民营医院", "Private hospital", ("民营", "社会办医")


class CentrePlace(CodeSet, source="The alliance's charter"):
    """A centre's place in the alliance."""

    LEAD = "lead", "牵头单位", "Lead", ("理事长单位", "组长单位")
    DEPUTY_LEAD = "deputy_lead", "副牵头单位", "Deputy lead", ("副理事长单位", "副组长单位")
    COUNCIL = "council", "理事单位", "Council member", ("常务理事单位",)
    MEMBER = "member", "成员单位", "Member", ("会员单位",)


class Role(CodeSet, source="The registry"):
    """What somebody does for the registry; what a role may do stands in ``registry.access``."""

    RECORDER = "recorder", "录入员", "Recorder", ("数据录入员", "data entry")
    ENDOSCOPIST = "endoscopist", "内镜医师", "Endoscopist", ("内镜医生", "操作医师")
    CENTRE_MANAGER = "centre_manager", "中心管理员", "Centre manager", ("中心负责人",)
    QUALITY_REVIEWER = "quality_reviewer", "质控员", "Quality reviewer", ("质控", "质控专家")
    RESEARCHER = "researcher", "研究者", "Researcher", ("研究人员",)
    ALLIANCE_ADMIN = "alliance_admin", "联盟管理员", "Alliance administrator", ("系统管理员", "administrator")
    AUDITOR = "auditor", "审计员", "Auditor", ("审计",)
