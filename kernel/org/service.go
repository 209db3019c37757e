package org

import (
	"context"
	"embed"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"gongkai/kernel/calendar"
	"gongkai/kernel/fault"
	"gongkai/kernel/id"
	"gongkai/kernel/page"
	"gongkai/kernel/secret"
	"gongkai/kernel/store"
)

//go:embed migration
var files embed.FS

// Migration are the tables of units and people.
func Migration() store.Migration { return store.Migration{Name: "org", FS: files} }

// Secrets are the columns with personal data, for the rotation of keys.
func Secrets() []secret.Column { return secretColumns() }

// Service is what can be done with units and people. Who may do it stands at
// the routes; the rules that hold for everyone are here.
type Service struct {
	db       *store.DB
	keys     *secret.Keyring
	district District
	kept     atomic.Pointer[kept]
}

// kept is the last directory and the state of the tables it was made from.
type kept struct {
	version int64
	dir     *Directory
}

// New makes the service of a district.
func New(db *store.DB, keys *secret.Keyring, district District) *Service {
	return &Service{db: db, keys: keys, district: district}
}

// District is whose units these are.
func (s *Service) District() District { return s.district }

func (s *Service) today() calendar.Date { return calendar.Of(s.db.Steady().Now()) }

// Directory is the snapshot of today. It is made again only when something
// changed, on whichever node.
func (s *Service) Directory(ctx context.Context) (*Directory, error) {
	version, err := stateVersion(ctx, s.db.Read)
	if err != nil {
		return nil, err
	}
	if k := s.kept.Load(); k != nil && k.version == version && k.dir.On() == s.today() {
		return k.dir, nil
	}
	dir, err := s.DirectoryOn(ctx, s.today())
	if err != nil {
		return nil, err
	}
	s.kept.Store(&kept{version, dir})
	return dir, nil
}

// DirectoryOn is the snapshot of another day.
func (s *Service) DirectoryOn(ctx context.Context, on calendar.Date) (*Directory, error) {
	units, err := allUnits(ctx, s.db.Read)
	if err != nil {
		return nil, err
	}
	groups, err := allGroups(ctx, s.db.Read)
	if err != nil {
		return nil, err
	}
	return NewDirectory(s.district, on, units, groups), nil
}

// Unit returns a unit of any day.
func (s *Service) Unit(ctx context.Context, key id.ID) (Unit, error) {
	return getUnit(ctx, s.db.Read, key)
}

// Units lists units, one page.
func (s *Service) Units(ctx context.Context, ask UnitAsk) (page.Of[Unit], error) {
	return listUnits(ctx, s.db.Read, ask, s.today())
}

// Group returns a group.
func (s *Service) Group(ctx context.Context, key id.ID) (Group, error) {
	return getGroup(ctx, s.db.Read, key)
}

// cleanNames trims names and drops empty and double ones.
func cleanNames(names []string) []string {
	var out []string
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// PutUnit adds a unit (without ID) or saves it over the version it was read
// with. Its aliases become those given. Renaming and ending have their own
// methods and are not done here: names of an existing unit stay as they are
// unless nothing but a slip is corrected, which PutUnit allows.
func (s *Service) PutUnit(ctx context.Context, who Actor, u Unit) (id.ID, error) {
	u.Name, u.Full, u.Short = strings.TrimSpace(u.Name), strings.TrimSpace(u.Full), strings.TrimSpace(u.Short)
	u.Aliases = cleanNames(u.Aliases)
	if u.ID == "" {
		u.ID, u.Version = id.New(), 0
	}
	if err := u.valid(); err != nil {
		return "", err
	}
	return u.ID, s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return putUnit(ctx, tx, who, u) })
}

// putUnit inserts a unit of version 0 and updates others.
func putUnit(ctx context.Context, tx *store.Tx, who Actor, u Unit) error {
	if u.Successor != "" {
		if _, err := getUnit(ctx, tx, u.Successor); err != nil {
			return err
		}
	}
	var before *Unit
	var err error
	if u.Version == 0 {
		first := u
		first.Version = 1
		err = insertUnit(ctx, tx, first)
	} else {
		old, e := getUnit(ctx, tx, u.ID)
		if e != nil {
			return e
		}
		before, err = &old, updateUnit(ctx, tx, u)
	}
	if store.Unique(err) {
		return fault.Fields{"name": "已经有一个同名的单位“" + u.Name + "”，请改用别的名称，或修改已有单位"}.Err()
	}
	if err != nil {
		return err
	}
	if err := setAliases(ctx, tx, u.ID, u.Aliases); err != nil {
		return err
	}
	if before == nil {
		return note(ctx, tx, who, "unit.add", "unit", u.ID, u.Name, changes(nil, u))
	}
	return note(ctx, tx, who, "unit.change", "unit", u.ID, u.Name, changes(*before, u))
}

// Rename gives the unit a new name from a day on; what happened before is
// still shown under the old one.
func (s *Service) Rename(ctx context.Context, who Actor, unit id.ID, version int64, name, full string, on calendar.Date) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		u, err := getUnit(ctx, tx, unit)
		if err != nil {
			return err
		}
		if on.IsZero() {
			return fault.Fields{"on": "请填写新名称启用的日期"}.Err()
		}
		if n := len(u.Former); n > 0 && !u.Former[n-1].Until.Before(on) {
			return fault.Fields{"on": "新名称的启用日期必须晚于上一次更名（" + u.Former[n-1].Until.Chinese() + "）"}.Err()
		}
		if name = strings.TrimSpace(name); name == u.Name {
			return fault.Fields{"name": "新名称与现名称相同"}.Err()
		}
		u.Former = append(u.Former, Former{Name: u.Name, Full: u.Full, Until: on})
		u.Name, u.Full, u.Short, u.Version = name, strings.TrimSpace(full), "", version
		if err := u.valid(); err != nil {
			return err
		}
		return putUnit(ctx, tx, who, u)
	})
}

// EndUnits ends units on a day: merged into the successor, or abolished when
// there is none. Their posts end with them.
func (s *Service) EndUnits(ctx context.Context, who Actor, units []id.ID, successor id.ID, on calendar.Date) error {
	if on.IsZero() {
		return fault.Fields{"on": "请填写停止日期"}.Err()
	}
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, key := range units {
			u, err := getUnit(ctx, tx, key)
			if err != nil {
				return err
			}
			if !u.ValidTo.IsZero() {
				return fault.Newf(fault.Conflict, "%s已于%s停止，不能再次停止", u.Name, u.ValidTo.Chinese())
			}
			u.ValidTo, u.Successor = on, successor
			if err := u.valid(); err != nil {
				return err
			}
			if err := putUnit(ctx, tx, who, u); err != nil {
				return err
			}
			posts, err := postsIn(ctx, tx, key)
			if err != nil {
				return err
			}
			for _, p := range posts {
				if meet(p.From, p.To, on, calendar.Date{}) {
					if err := cutPost(ctx, tx, p, on); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// PutGroup adds a group (without ID) or saves it.
func (s *Service) PutGroup(ctx context.Context, who Actor, g Group) (id.ID, error) {
	isNew := g.ID == ""
	if isNew {
		g.ID, g.Version = id.New(), 1
	}
	g.Name, g.Aliases = strings.TrimSpace(g.Name), cleanNames(g.Aliases)
	if err := g.valid(); err != nil {
		return "", err
	}
	return g.ID, s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, key := range g.Units {
			if _, err := getUnit(ctx, tx, key); err != nil {
				return err
			}
		}
		var before any
		if !isNew {
			old, err := getGroup(ctx, tx, g.ID)
			if err != nil {
				return err
			}
			before = old
		}
		err := saveGroup(ctx, tx, g, isNew)
		if store.Unique(err) {
			return fault.Fields{"name": "已经有一个同名的单位组“" + g.Name + "”"}.Err()
		}
		if err != nil {
			return err
		}
		return note(ctx, tx, who, "group.save", "group", g.ID, g.Name, changes(before, g))
	})
}

// DropGroup removes a group; its units stay.
func (s *Service) DropGroup(ctx context.Context, who Actor, key id.ID, version int64) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		g, err := getGroup(ctx, tx, key)
		if err != nil {
			return err
		}
		g.Version = version
		if err := deleteGroup(ctx, tx, g); err != nil {
			return err
		}
		return note(ctx, tx, who, "group.drop", "group", g.ID, g.Name, changes(g, nil))
	})
}

// AddAlias makes alias another name of a unit or group, inside a unit of work
// of the caller: so the answer to "who is this?" in a plan is remembered. It
// may be repeated.
func (s *Service) AddAlias(ctx context.Context, tx *store.Tx, who Actor, target id.ID, alias string) error {
	alias = strings.TrimSpace(alias)
	if n := utf8.RuneCountInString(alias); n < 2 || n > 60 {
		return fault.New(fault.Invalid, "别名请写 2 至 60 个字")
	}
	u, err := getUnit(ctx, tx, target)
	if fault.Is(err, fault.NotFound) {
		g, err := getGroup(ctx, tx, target)
		if err != nil {
			return err
		}
		if g.Name == alias || slices.Contains(g.Aliases, alias) {
			return nil
		}
		before := g
		g.Aliases = cleanNames(append(slices.Clone(g.Aliases), alias))
		if err := saveGroup(ctx, tx, g, false); err != nil {
			return err
		}
		return note(ctx, tx, who, "unit.alias", "group", g.ID, g.Name, changes(before, g))
	}
	if err != nil {
		return err
	}
	if slices.Contains(u.names(), alias) || slices.Contains(u.Aliases, alias) {
		return nil
	}
	before := u
	u.Aliases = cleanNames(append(slices.Clone(u.Aliases), alias))
	if err := insertAlias(ctx, tx, target, alias); err != nil {
		return err
	}
	return note(ctx, tx, who, "unit.alias", "unit", u.ID, u.Name, changes(before, u))
}

// DropAlias takes an alias from a unit.
func (s *Service) DropAlias(ctx context.Context, who Actor, unit id.ID, alias string) error {
	return s.db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		u, err := getUnit(ctx, tx, unit)
		if err != nil {
			return err
		}
		if !slices.Contains(u.Aliases, alias) {
			return fault.Newf(fault.NotFound, "%s没有别名“%s”，请刷新页面", u.Name, alias)
		}
		before := u
		u.Aliases = slices.DeleteFunc(slices.Clone(u.Aliases), func(a string) bool { return a == alias })
		if err := deleteAlias(ctx, tx, unit, alias); err != nil {
			return err
		}
		return note(ctx, tx, who, "unit.alias", "unit", u.ID, u.Name, changes(before, u))
	})
}
