package sitegen

func dateKinds() []kind     { return nil }
func tagKinds() []kind      { return nil }
func markKinds() []kind     { return nil }
func columnKinds() []kind   { return nil }
func talkKinds() []kind     { return nil }
func serviceKinds() []kind  { return nil }
func platformKinds() []kind { return nil }
func documentKinds() []kind { return nil }
func textKinds() []kind     { return nil }
func nearKinds() []kind     { return nil }
func jpage() *design        { return trs() }
func post47() *design       { return trs() }
func modern() *design       { return trs() }
func group() *design        { return trs() }
func queried() *design      { return trs() }

const abolished = "爱国卫生运动委员会办公室"
