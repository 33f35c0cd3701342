/** The plan file of the contract, whole. */
export const contractPlan = `# Regen plan: scatter-basic

- Target: \`scatter-basic\`
- Title: \`Basic Scatter Plot\`
- Last updated: \`2025-11-12T08:14:00+00:00\`
- Base: \`origin/main@1f3c9ab\`
- Plan created: \`2026-05-02T13:50:00Z\`

## Items

- [x] altair
- [ ] matplotlib
- [!] highcharts
- [-] pygal
- [~] plotly

## Change Requests

- matplotlib: the data series equals plotly's; choose another domain.

## Log

- altair: PR https://github.com/o/r/pull/12, score 88, label ai-approved, verdict APPROVED, 41.2k tokens, $0.31 (2026-05-02T14:02:11Z)
- highcharts: FAILED: check "render" failed: plot-dark.png was not produced (2026-05-02T14:20:40Z)
`;
