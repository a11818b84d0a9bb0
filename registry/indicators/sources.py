"""What several indicators quote: the documents, by name and edition."""

from registry.label import Label

NHC = Label(
    "国家卫生健康委《消化内镜诊疗技术医疗质量控制指标（2022 年版）》",
    "National Health Commission of China, Quality control indicators for digestive endoscopy, 2022",
)
NHC_EDITION = "NHC 2022"
ALLIANCE = Label("本联盟自定，早期的定义同 NHC 2022", "The alliance's own; early as in NHC 2022")
