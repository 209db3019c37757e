package plan

// actions names in Chinese what the ledger writes into the audit record beside
// the moves of its flows.
func actions() map[string]string {
	return map[string]string{
		"plan.import": "导入任务分工", "plan.draft": "修改任务分工草稿", "plan.issue": "下发任务分工", "plan.revise": "调整任务分工",
		"plan.progress": "填报进展", "plan.step": "修改任务清单", "plan.evidence": "修改佐证材料", "plan.judge": "核查佐证材料",
		"plan.public": "设置佐证公开", "plan.urge": "催办", "plan.rule": "修改佐证规则", "plan.proof": "核查佐证规则",
		"plan.fetch": "抓取佐证页面", "plan.lookback": "启动回头看",
	}
}
