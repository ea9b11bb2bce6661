"""The rules of acceptance and approval: pure, named after the law's articles where one stands behind them."""
