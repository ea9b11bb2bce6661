/* Which call has the panel when: the same rules as rules/announcing.py, for browsers from Chromium 38 on.
   A test runs both over the same days. Times are in seconds. */
(function (root) {
  "use strict";
  var LATE = 10, SHOW = 5, REST = 900, BLINK = 0.4, BLINKS = 2, STANDING = 24;

  function Announcing() {
    this.shown = null;
    this.since = 0;
    this.after = 0;
    this._waiting = [];
    this._reset();
  }
  Announcing.prototype._reset = function () {
    this._heard = {};
    this._begin = null;
    this._board = null;
    this._later = {};
    this._waiting = [];
    this.after = 0;
  };
  function covers(board, call) { return call.id <= board.last_event && call.at + LATE * 1000 < board.now; }
  function each(table, act) { for (var key in table) { if (table.hasOwnProperty(key)) { act(table[key], key); } } }

  Announcing.prototype.hearBoard = function (board) {
    var self = this, last = this._board;
    if (last && board.now > last.now && board.last_event < this.after) { this._reset(); last = null; }
    if (this._begin === null) {
      this._begin = board.now - LATE * 1000;
      board.calls.forEach(function (call) { self._heard[call.id] = true; });
    }
    this._learn(board.calls);
    if (last && board.now < last.now) { return; }
    this._board = board;
    each(this._later, function (call, key) { if (covers(board, call)) { delete self._later[key]; } });
    var standing = {}, known = {}, full = board.calls.length >= STANDING;
    board.calls.forEach(function (call) { known[call.number] = true; if (call.coming) { standing[call.number] = true; } });
    this._waiting = this._waiting.filter(function (call) {
      var gone = !standing[call.number] && (known[call.number] || !full);
      return !(gone && covers(board, call));
    });
  };

  /* told: {after, calls}; below `after` nothing new comes any more. */
  Announcing.prototype.hearCalls = function (told) {
    var self = this;
    if (!this._board) { return; }
    this._learn(told.calls);
    told.calls.forEach(function (call) { if (!covers(self._board, call)) { self._later[call.id] = call; } });
    this.after = Math.max(this.after, told.after);
    each(this._heard, function (_yes, id) { if (+id <= self.after) { delete self._heard[id]; } });
  };
  Announcing.prototype._learn = function (calls) {
    var self = this;
    calls.slice().sort(function (a, b) { return a.id - b.id; }).forEach(function (call) {
      if (call.id <= self.after || self._heard[call.id]) { return; }
      self._heard[call.id] = true;
      if (!call.coming || call.at < self._begin) { return; }
      for (var i = 0; i < self._waiting.length; i++) {
        if (self._waiting[i].number === call.number) {
          if (self._waiting[i].id < call.id) { self._waiting[i] = call; }
          return;
        }
      }
      self._waiting.push(call);
    });
  };
  Announcing.prototype.tick = function (now) {
    if (this._waiting.length && (!this.shown || now - this.since >= SHOW)) {
      this.shown = this._waiting.shift();
      this.since = now;
      return true;
    }
    if (this.shown && !this._waiting.length && now - this.since >= REST) { this.shown = null; return true; }
    return false;
  };
  Announcing.prototype.restOn = function (call, now) { this.shown = call; this.since = now - BLINKS * 2 * BLINK; };
  Announcing.prototype.recent = function (rows) {
    var all = this._board ? this._board.calls.slice() : [], seen = {};
    each(this._later, function (call) { all.push(call); });
    all.sort(function (a, b) { return b.id - a.id; });
    return all.filter(function (call) {
      if (seen[call.number]) { return false; }
      seen[call.number] = true;
      return true;
    }).slice(0, rows);
  };
  Announcing.prototype.isFresh = function (number, now) {
    return (this.shown && this.shown.number === number && now - this.since < SHOW) ||
      this._waiting.some(function (call) { return call.number === number; });
  };
  Announcing.prototype.blinks = function (now) {
    var elapsed = now - this.since;
    return elapsed >= 0 && elapsed < BLINKS * 2 * BLINK && elapsed % (2 * BLINK) < BLINK;
  };
  root.Announcing = Announcing;
})(this);
