// Draws each [data-chart] from the table that it names: what the chart shows is what the table says.
(() => {
  "use strict";
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const charts = new Map();

  function read(table) {
    const series = [...table.querySelectorAll("th[data-series]")].map(head => ({ name: head.dataset.series, points: [] }));
    const labels = [...table.tBodies[0].rows].map(row => {
      const cells = [...row.cells].filter(cell => cell.dataset.text);
      series.forEach((one, n) => one.points.push(cells[n] ? point(cells[n]) : null));
      return row.cells[0].textContent.trim();
    });
    return { labels, series };
  }

  function point(cell) {
    const { num, den, text, low, high } = cell.dataset;
    return { value: 100 * num / den, num, den, text, low: low && Number(low), high: high && Number(high) };
  }

  function theme() {
    const ink = css("--ink");
    echarts.registerTheme("portal", {
      color: [css("--blue-3"), css("--blue-m")],
      textStyle: { color: ink, fontFamily: css("--font"), fontSize: 13 },
      legend: { textStyle: { color: ink }, itemWidth: 18, itemHeight: 12 },
    });
  }

  const wrap = (text, room) => text.length > room ? text.replace(new RegExp(`(.{${room}})(?=.)`, "gu"), "$1\n") : text;

  function whiskers(points, at, of) {
    return {
      type: "custom", silent: true, z: 3, tooltip: { show: false }, legendHoverLink: false,
      data: points.map((one, n) => [one && one.low !== undefined ? one.low : NaN, one && one.high, n]),
      encode: { x: [0, 1], y: 2 },
      renderItem(_params, api) {
        const [low, high] = [api.value(0), api.value(1)];
        if (Number.isNaN(low)) return undefined;
        const band = api.size([0, 1])[1], shift = (at - (of - 1) / 2) * band * 0.6 / of;
        const [x1, y] = api.coord([low, api.value(2)]), [x2] = api.coord([high, api.value(2)]);
        const line = (a, b, c, d) => ({ type: "line", shape: { x1: a, y1: b, x2: c, y2: d }, style: { stroke: css("--ink"), lineWidth: 1.2 } });
        return { type: "group", children: [line(x1, y + shift, x2, y + shift), line(x1, y + shift - 4, x1, y + shift + 4), line(x2, y + shift - 4, x2, y + shift + 4)] };
      },
    };
  }

  function option({ labels, series }, width) {
    const room = width < 480 ? 7 : 16, pair = series.length > 1, line = css("--line");
    const bars = series.map(one => ({
      name: one.name, type: "bar", color: pair ? undefined : css("--blue-m"), barWidth: pair ? "28%" : "46%", barGap: "14%",
      data: one.points.map(item => item && { value: item.value, item }),
      label: {
        show: true, position: "right", color: css("--ink"), fontWeight: 600, distance: 6,
        formatter: ({ data }) => data.item.text,
      },
      // The number stands right of the interval, not in it.
      labelLayout: ({ dataIndex, rect }) => {
        const item = one.points[dataIndex];
        return item && item.high && item.value ? { dx: rect.width * (item.high - item.value) / item.value } : {};
      },
    }));
    return {
      animation: false,
      aria: { enabled: true, decal: { show: pair } },
      grid: { left: 8, right: 64, top: pair ? 36 : 8, bottom: 8, containLabel: true },
      legend: { show: pair, top: 0, right: 0, data: series.map(one => one.name) },
      tooltip: {
        trigger: "item", renderMode: "richText", confine: true,
        formatter: ({ name, seriesName, data }) => `${name.replace(/\n/gu, "")}\n${pair ? seriesName + " " : ""}${data.item.num}/${data.item.den} ${data.item.text}`,
      },
      xAxis: { type: "value", min: 0, axisLabel: { formatter: "{value}%", color: css("--ink-3") }, splitLine: { lineStyle: { color: line } } },
      yAxis: { type: "category", inverse: true, data: labels.map(text => wrap(text, room)), axisTick: { show: false }, axisLine: { lineStyle: { color: css("--line-2") } }, axisLabel: { color: css("--ink"), lineHeight: 18, interval: 0 } },
      series: [...bars, ...series.map((one, n) => whiskers(one.points, n, series.length)).filter(one => one.data.some(([low]) => !Number.isNaN(low)))],
    };
  }

  function draw(box) {
    const table = document.getElementById(box.dataset.chart);
    const data = read(table);
    if (!data.labels.length || !data.series.some(one => one.points.some(Boolean))) return;
    box.hidden = false;
    const chart = echarts.init(box, "portal", { renderer: "canvas" });
    chart.setOption(option(data, box.clientWidth));
    charts.set(box.dataset.chart, { chart, data, box });
    const button = document.querySelector(`[data-save-chart="${box.dataset.chart}"]`);
    if (button) button.hidden = false;
  }

  // A picture is carried elsewhere, so that it says itself what it shows, of where and when, and how it came about.
  function save(id) {
    const { chart, box, data } = charts.get(id), { title, note } = box.dataset;
    const room = Math.floor(box.clientWidth / 13), plain = option(data, box.clientWidth), lines = wrap(note, room);
    const below = note ? 18 * (1 + lines.split("\n").length) : 0, above = 36;
    const look = { fontSize: 15, fontWeight: 600, color: css("--ink") };
    chart.resize({ height: box.clientHeight + above + below });
    chart.setOption({
      ...plain,
      tooltip: { show: false },
      title: [{ text: wrap(title, room), left: 8, top: 8, textStyle: look }, { text: lines, left: 8, bottom: 4, textStyle: { ...look, fontSize: 12, fontWeight: 400, lineHeight: 18 } }],
      legend: { ...plain.legend, top: above },
      grid: { ...plain.grid, top: plain.grid.top + above, bottom: plain.grid.bottom + below },
    });
    const canvas = chart.renderToCanvas({ pixelRatio: 2, backgroundColor: "#fff" });
    chart.resize({ height: "auto" });
    chart.setOption(plain, true);
    canvas.toBlob(blob => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${title}.png`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  function fit() {
    charts.forEach(({ chart, data, box }) => { chart.resize(); chart.setOption(option(data, box.clientWidth)); });
  }

  // With the arrows from bar to bar, as the mouse does; the table below says the same to a screen reader.
  function step(event) {
    const box = event.target.closest("[data-chart]"), found = box && charts.get(box.dataset.chart);
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!found || !(by || event.key === "Escape")) return;
    event.preventDefault();
    const { chart, data } = found;
    chart.dispatchAction({ type: "hideTip" });
    chart.dispatchAction({ type: "downplay" });
    if (!by) return;
    const there = data.labels.flatMap((_label, dataIndex) => data.series.map((_one, seriesIndex) => ({ seriesIndex, dataIndex })))
      .filter(({ seriesIndex, dataIndex }) => data.series[seriesIndex].points[dataIndex]);
    found.at = found.at === undefined ? (by > 0 ? 0 : there.length - 1) : (found.at + by + there.length) % there.length;
    chart.dispatchAction({ type: "highlight", ...there[found.at] });
    chart.dispatchAction({ type: "showTip", ...there[found.at] });
  }

  theme();
  document.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-save-chart]");
    if (button) save(button.dataset.saveChart);
  });
  document.addEventListener("keydown", step);
  addEventListener("resize", fit);
  addEventListener("beforeprint", fit);
  addEventListener("afterprint", fit);
})();
