/* A board on a television: draws what the stream tells. Old browsers: no arrow functions, no let, no fetch. */
(function () {
  "use strict";
  var STALE = 5, LOST = 12, ROWS = 8, CELLS = 6, CELLS_SECONDS = 10, NOTICE_SECONDS = 8;
  var label = document.body.dataset, memory = new Announcing(), board = null, source = null;
  var heard = now(), offset = 0, shown = {};

  function now() { return (window.performance ? performance.now() : Date.now()) / 1000; }
  function $(id) { return document.getElementById(id); }
  function escaped(text) {
    return String(text).replace(/[&<>"']/g, function (c) { return "&#" + c.charCodeAt(0) + ";"; });
  }
  function tag(kind, text) { return '<span class="' + kind + '">' + escaped(text) + "</span>"; }
  function put(id, html) { if (shown[id] !== html) { shown[id] = html; $(id).innerHTML = html; } }

  /* ---- the stream ---- */
  function listen() {
    if (source) { source.close(); }
    var query = "zone=" + encodeURIComponent(label.zone) + "&desk=" + encodeURIComponent(label.desk);
    if (memory.after) { query += "&after=" + memory.after; }
    source = new EventSource("/board/events?" + query);
    source.addEventListener("board", function (event) {
      var first = board === null, fresh = JSON.parse(event.data);
      memory.hearBoard(fresh);
      if (first && fresh.calls.length) { memory.restOn(fresh.calls[0], now()); }
      if (first || fresh.now >= board.now) { board = fresh; offset = fresh.now - Date.now(); }
      alive();
    });
    source.addEventListener("calls", function (event) { memory.hearCalls(JSON.parse(event.data)); alive(); });
    source.addEventListener("beat", alive);
  }
  function alive() { heard = now(); draw(); }

  /* ---- the screen ---- */
  function business(call) {
    var line = board.lines.filter(function (each) { return each.code === call.line; })[0];
    return call.business || (line ? line.name : "");
  }
  function lineMn(call) {
    var line = board.lines.filter(function (each) { return each.code === call.line; })[0];
    return line ? line.name_mn : "";
  }
  function filled(draft, call) { return draft.replace("{number}", call.number).replace("{desk}", call.desk); }
  function drawClock() {
    var at = new Date(Date.now() + offset + 8 * 3600 * 1000); /* the hall's zone has no summer time */
    var day = "日一二三四五六".charAt(at.getUTCDay());
    var time = ("0" + at.getUTCHours()).slice(-2) + ":" + ("0" + at.getUTCMinutes()).slice(-2);
    put("clock", tag("date", at.getUTCMonth() + 1 + "月" + at.getUTCDate() + "日　星期" + day) + tag("time", time));
  }
  function drawPanel(at) {
    var call = memory.shown;
    $("panel").className = call && memory.blinks(at) ? "blink" : "";
    if (!call) { put("panel", tag("rest", label.watch)); return; }
    var place = !board.zone && Object.keys(board.zones).length > 1 ? board.zones[call.zone] || "" : "";
    var columns = [[label.numberMn, ""], [label.deskMn, ""], [lineMn(call), " small"]].filter(function (each) { return each[0]; });
    put("panel", tag("please", label.please) + tag("number", call.number) + tag("to", label.to) +
      '<span class="where">' + tag("desk", call.desk) + tag("window", label.window) + '<span class="arrow"></span></span>' +
      '<span class="what">' + tag("", business(call)) + tag("", place) + "</span>" +
      '<span class="columns">' + columns.map(function (each) {
        return '<span class="mn' + each[1] + '">' + escaped(filled(each[0], call)) + "</span>";
      }).join("") + "</span>");
  }
  function drawDesk(at) {
    var desk = board.desk, call = memory.recent(1)[0];
    $("panel").className = "own" + (call && memory.shown && memory.shown.number === call.number && memory.blinks(at) ? " blink" : "");
    var said = desk.state === "open" ? label.watch : desk.state === "paused" ? desk.reason || label.soon : label.elsewhere;
    put("panel", '<span class="where">' + tag("desk", desk.code) + tag("window", label.window) + "</span>" +
      '<span class="status ' + escaped(desk.state) + '">' + escaped(label[desk.state]) + "</span>" +
      (call ? tag("number", call.number) + tag("said", call.coming ? label.come : label.serving) : tag("rest", said)) +
      '<span class="columns">' + '<span class="mn">' + escaped(label.deskMn.replace("{desk}", desk.code)) + "</span></span>");
  }
  function drawRows(at) {
    var heads = label.heads.split("|");
    put("rows", '<div class="heads">' + tag("number", heads[0]) + tag("business", heads[1]) + tag("desk", heads[2]) + "</div>" +
      memory.recent(ROWS).map(function (call) {
        return '<div class="row' + (memory.isFresh(call.number, at) ? " fresh" : "") + '">' + tag("number", call.number) +
          tag("business", business(call)) + tag("desk", call.desk) + "</div>";
      }).join(""));
  }
  function drawLines(at) {
    var pages = Math.max(1, Math.ceil(board.lines.length / CELLS));
    var first = Math.floor(at / CELLS_SECONDS) % pages * CELLS;
    put("lines", board.lines.slice(first, first + CELLS).map(function (line) {
      return '<div class="line">' + tag("name", line.code + " " + line.name) + tag("count", line.waiting) +
        tag("people", label.people) + tag("wait", line.wait) + "</div>";
    }).join(""));
  }
  function draw() {
    var at = now(), quiet = at - heard;
    memory.tick(at);
    put("stale", quiet > STALE ? escaped(label.stale.replace("{n}", Math.floor(quiet))) : "");
    $("stale").className = quiet > STALE ? "on" : "";
    if (!board) { put("panel", tag("rest", label.connecting)); return; }
    document.body.className = board.desk ? "desk" : "";
    put("head", tag("hall", board.hall) + tag("zone", board.zone));
    put("strip", '<span class="mn">' + escaped(board.hall_mn) + '</span><span class="mn small">' + escaped(board.zone_mn) + "</span>");
    drawClock();
    if (board.desk) { drawDesk(at); } else { drawPanel(at); drawRows(at); drawLines(at); }
    var notices = board.notices;
    put("ticker", notices.length ? '<i></i>' + escaped(notices[Math.floor(at / NOTICE_SECONDS) % notices.length]) : "");
  }
  function fit() {
    var scale = Math.min(window.innerWidth / 1920, window.innerHeight / 1080);
    var style = $("stage").style;
    style.webkitTransform = style.transform = "scale(" + scale + ")";
    style.left = (window.innerWidth - 1920 * scale) / 2 + "px";
    style.top = (window.innerHeight - 1080 * scale) / 2 + "px";
  }
  function watch() {
    draw();
    if (!source || source.readyState === 2 || now() - heard > LOST) {
      if (!source || now() - watch.tried > 4) { watch.tried = now(); listen(); }
    }
  }
  watch.tried = 0;
  window.addEventListener("resize", fit);
  fit();
  listen();
  setInterval(draw, 100);
  setInterval(watch, 1000);
  window.board = { memory: memory }; /* for whoever looks after a television */
})();
