package inspect

import (
	"context"

	"gongkai/area"
)

// demo registers nothing by itself: the demonstration website is registered when
// it is served.
func (s *Service) demo(context.Context, *area.Demo) error { return nil }
