"""What the test plugin answers to the shell: the home page of picture 01."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yichuang.api import Figure, Read, SearchHit, Todo, UserError, hookimpl

ROWS = """
26-000371 林木采伐许可证核发 新民乡_柳条沟村委会 容缺材料到期 overdue 超期_1_天 -24 1.0 催办 容缺待补
26-000431 食品经营许可证核发 天山镇_老额吉餐饮店 补正待复核 overdue 超期_3_小时 -3 1.0 复核 补正
26-000418 企业设立登记 内蒙古罕山农牧科技有限公司 待出件 warning 剩_2_小时 2 0.9 出件 待出件
26-000402 建筑工程施工许可证核发 阿旗宏远建筑安装有限公司 补正待复核 warning 剩_1_天 24 0.83 复核 补正
26-000398 道路普通货物运输经营许可 巴*尔 容缺待补 warning 剩_1_天 24 0.78 通知 容缺待补
26-000455 残疾人证办理 苏*娜 待受理 normal 剩_4_天 96 0.3 受理 待受理
26-000453 城镇居民医保参保登记 李*兰 待受理 normal 剩_5_天 120 0.2 受理 待受理
26-000449 内地居民养老保险关系转移 陈*东 跨省通办_待接收 normal 剩_6_天 144 0.15 接收 通办
26-000447 草种生产经营许可证核发 绍根镇_绿原草业合作社 待出件 normal 剩_8_天 192 0.45 出件 待出件
26-000441 社会团体成立登记 阿旗马文化研究会 待受理 normal 剩_12_天 288 0.1 受理 待受理
26-000435 民办非企业单位变更登记 阿旗晨光养老服务中心 待出件 normal 剩_13_天 312 0.35 出件 待出件
26-000433 动物防疫条件合格证核发 双胜镇_丰源养殖场 待出件 normal 剩_15_天 360 0.3 出件 待出件
26-000429 建设用地规划许可 阿旗城乡投资有限公司 待出件 normal 剩_16_天 384 0.22 出件 待出件
26-000388 取水许可 罕苏木苏木_水管站 挂起_·_专家评审 paused 暂停计时 0 0.4 查看 通办
""".strip().splitlines()


def todo(read: Read, line: str) -> Todo:
    number, item, applicant, step, light, left, hours, used, action, tab = (
        part.replace("_", " ") for part in line.split()
    )
    due = None if light == "paused" else read.now + timedelta(hours=float(hours))
    return Todo(
        id=number, number=number, title=item, applicant=applicant, step=step, light=light, time_left=left, due=due,
        action=action, page="fair.intake", tab=tab, used=float(used), args={"case": number},
    )  # fmt: skip


class Hooks:
    @hookimpl
    def setting_changes(self, key: str, value: Any) -> None:
        if key == "fair.greeting" and "{name}" not in value:
            raise UserError("NAME_MISSING", "问候语缺少姓名。", do="请写入 {name}。")

    @hookimpl
    def todos(self, read: Read) -> list[Todo]:
        return [todo(read, line) for line in ROWS]

    @hookimpl
    def figures(self, read: Read) -> list[Figure]:
        since = read.now - timedelta(minutes=6, seconds=12)
        extra = {"since": since, "mean_seconds": 494.0}
        return [
            Figure("ticket", "企业设立登记", "A037", extra=extra),
            Figure("queue.mine", "我的队列", "5", "人等候"),
            Figure("queue.waiting", "全厅等候", "41", "人"),
            Figure("queue.longest", "预计最长等候", "27", "分钟", "amber"),
            Figure("done.today", "我今日已办", "23", "件"),
            Figure("rating.today", "今日满意率", "100", "%"),
            Figure("tickets.half_hours", "每半小时取号", values=(3, 9, 13, 11, 7, 2, 1, 5, 10, 11, 9)),
            Figure(
                "lights", "时限灯", labels=("normal", "warning", "overdue", "paused"), values=(12, 3, 2, 1),
                extra={"aside": "本窗在办 18 件"},
            ),
            Figure(
                "cases.days", "近 7 个工作日办件", labels=("9日", "10日", "11日", "12日", "13日", "16日", "今日"),
                values=(28, 34, 30, 37, 29, 35, 23), extra={"aside": "日均 31"},
            ),
            Figure("desk.state", "窗口", "接件中", tone="green"),
        ]  # fmt: skip

    @hookimpl
    def search(self, read: Read, text: str, limit: int) -> list[SearchHit]:
        hits = [
            SearchHit(
                "case",
                "26-000418　企业设立登记",
                "内蒙古罕山农牧科技有限公司",
                "fair.intake",
                icon="light:warning",
            ),
            SearchHit(
                "case", "26-000376　企业设立登记", "阿旗绿野畜牧有限公司", "fair.intake", icon="light:done"
            ),
        ]
        return hits if text in ("qysl", "企业", "26-000418") else []
