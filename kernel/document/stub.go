package document

import "context"

type PDF struct{}

func (*PDF) read(context.Context, []byte, Limits) (*Document, error) { return nil, nil }
func readXls(context.Context, []byte, Limits) (*Document, error)     { return nil, nil }
